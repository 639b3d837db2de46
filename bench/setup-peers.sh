#!/usr/bin/env bash
# Sets up the peers that `npm run bench` measures against, outside the project's own dependencies: Python ones in .cache/peers/venv,
# JavaScript ones in .cache/peers/js. About 3 GB. Run again to repair; delete .cache/peers to remove.
# Usage: bench/setup-peers.sh [python|javascript], default both. PYTHON names another interpreter than python3.
set -euo pipefail
cd "$(dirname "$0")/.."
what="${1:-all}"
mkdir -p .cache/peers

if [ "$what" = all ] || [ "$what" = python ]; then
  [ -x .cache/peers/venv/bin/python ] || "${PYTHON:-python3}" -m venv .cache/peers/venv
  pip=(.cache/peers/venv/bin/pip install --quiet --disable-pip-version-check)
  # The build without CUDA, from an index that is configured already or else from PyTorch's own; macOS has no other.
  "${pip[@]}" torch==2.13.0+cpu ||
    "${pip[@]}" torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu ||
    "${pip[@]}" torch==2.13.0
  "${pip[@]}" keras==3.15.1 onnx onnxruntime==1.30.0
  "${pip[@]}" tensorflow-cpu==2.21.0 || "${pip[@]}" tensorflow==2.21.0
fi

if [ "$what" = all ] || [ "$what" = javascript ]; then
  mkdir -p .cache/peers/js
  cd .cache/peers/js
  [ -f package.json ] || echo '{ "private": true, "type": "module" }' >package.json
  npm install --ignore-scripts --no-audit --no-fund \
    @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 @jax-js/jax@0.1.25 brain.js@1.6.1
fi
