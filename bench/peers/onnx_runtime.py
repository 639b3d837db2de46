"""onnxruntime as a measured process, for inference: the workload's model written as ONNX by hand, memory bound in advance."""

import sys

import line_protocol
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper


def states_of(spec):
    return ["h", "c"] if spec["cell"] == "lstm" else ["h"]


def gates_of(spec, columns):
    """An LSTM's gates i f c o in the order of ONNX: i o f c."""
    if spec["cell"] != "lstm":
        return columns
    i, f, c, o = np.split(columns, 4, axis=-1)
    return np.concatenate([i, o, f, c], axis=-1)


def model_of(workload):
    """x [time, 1, features] or ids [time]; state h, and c of an LSTM, [1, 1, units] → y [.., outputs], states hN, cN."""
    spec, weights = workload.model, list(workload.weights)
    nodes, constants = [], []
    units = spec["units"][0]

    def constant(name, values):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name

    steps = 1 if workload.task == "generate" else workload.time
    sequence = "x"
    if spec["vocabulary"]:
        given = helper.make_tensor_value_info("x", TensorProto.INT32, [steps, 1])
        nodes.append(helper.make_node("Gather", [constant("table", weights.pop(0)), "x"], ["rows"]))
        sequence = "rows"
    else:
        given = helper.make_tensor_value_info("x", TensorProto.FLOAT, [steps, 1, spec["features"]])
    kernel, recurrent, bias, out, out_bias = weights
    states = states_of(spec)
    constant("W", gates_of(spec, kernel).T[np.newaxis])
    constant("R", gates_of(spec, recurrent).T[np.newaxis])
    constant("B", np.concatenate([gates_of(spec, bias), np.zeros_like(bias)])[np.newaxis])
    rnn = helper.make_node(
        "LSTM" if spec["cell"] == "lstm" else "RNN",
        [sequence, "W", "R", "B", "", *states],
        ["", *(f"{state}N" for state in states)],
        hidden_size=units,
    )
    shape = numpy_helper.from_array(np.array([1, units], np.int64), "flat")
    nodes += [
        rnn,
        helper.make_node("Reshape", ["hN", "flat"], ["last"]),
        helper.make_node("Gemm", ["last", constant("out", out), constant("outBias", out_bias)], ["logits"]),
        helper.make_node("Sigmoid" if spec["activation"] == "sigmoid" else "Softmax", ["logits"], ["y"]),
    ]
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, units])
    graph = helper.make_graph(
        nodes,
        "workload",
        [given, *map(value, states)],
        [
            helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, spec["outputs"]]),
            *(value(f"{state}N") for state in states),
        ],
        [*constants, shape],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


class OnnxRuntime:
    versions = {"onnxruntime": ort.__version__, "python": sys.version.split()[0]}

    def prepare(self, task, workload):
        if workload.task == "train":
            raise line_protocol.Cannot("it does not train")
        options = ort.SessionOptions()
        options.intra_op_num_threads = task["threads"]
        options.inter_op_num_threads = 1
        session = ort.InferenceSession(model_of(workload), options, providers=["CPUExecutionProvider"])
        units, outputs = workload.model["units"][0], workload.model["outputs"]
        time_major = np.ascontiguousarray(workload.x.swapaxes(0, 1))  # [time, 1] or [time, 1, features]
        rows = [time_major[t : t + 1] for t in range(workload.time)]
        x = np.empty_like(rows[0]) if workload.task == "generate" else time_major
        y = np.empty((1, outputs), np.float32)
        names = states_of(workload.model)
        # What a step reads and what it writes, by turns.
        turns = [[np.zeros((1, 1, units), np.float32) for _ in names] for _ in range(2)]
        self.bound = (x, y, turns)  # a binding holds addresses only

        def bind(before, after):
            binding = session.io_binding()
            for name, array in (("x", x), *zip(names, before)):
                binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
            for name, array in (("y", y), *zip([f"{name}N" for name in names], after)):
                binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
            return binding

        bindings = [bind(turns[0], turns[1]), bind(turns[1], turns[0])]
        run = session.run_with_iobinding

        def predict():
            for state in turns[0]:
                state.fill(0)
            run(bindings[0])

        def generate():
            for state in turns[0]:
                state.fill(0)
            for t, row in enumerate(rows):
                x[:] = row
                run(bindings[t & 1])

        self.run = predict if workload.task == "predict" else generate
        self.run()
        return {"check": [float(value) for value in y.reshape(-1)[:4]], "versions": self.versions}


line_protocol.serve(OnnxRuntime())
