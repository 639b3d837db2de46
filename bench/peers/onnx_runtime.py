"""onnxruntime as a measured process, for inference: the workload's model written as ONNX by hand, memory bound in advance."""

import sys

import line_protocol
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper


def model_of(workload):
    """x [time, 1, features] or ids [time]; state h [1, 1, units] → y [.., outputs], state hN."""
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
    constant("W", kernel.T[np.newaxis])
    constant("R", recurrent.T[np.newaxis])
    constant("B", np.concatenate([bias, np.zeros_like(bias)])[np.newaxis])
    rnn = helper.make_node("RNN", [sequence, "W", "R", "B", "", "h"], ["", "hN"], hidden_size=units)
    shape = numpy_helper.from_array(np.array([1, units], np.int64), "flat")
    nodes += [
        rnn,
        helper.make_node("Reshape", ["hN", "flat"], ["last"]),
        helper.make_node("Gemm", ["last", constant("V", out), constant("c", out_bias)], ["logits"]),
        helper.make_node("Sigmoid" if spec["activation"] == "sigmoid" else "Softmax", ["logits"], ["y"]),
    ]
    state = [1, 1, units]
    graph = helper.make_graph(
        nodes,
        "workload",
        [given, helper.make_tensor_value_info("h", TensorProto.FLOAT, state)],
        [
            helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, spec["outputs"]]),
            helper.make_tensor_value_info("hN", TensorProto.FLOAT, state),
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
        states = [np.zeros((1, 1, units), np.float32) for _ in range(2)]
        self.bound = (x, y, *states)  # a binding holds addresses only

        def bind(before, after):
            binding = session.io_binding()
            for name, array in (("x", x), ("h", before)):
                binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
            for name, array in (("y", y), ("hN", after)):
                binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
            return binding

        bindings = [bind(states[0], states[1]), bind(states[1], states[0])]
        run = session.run_with_iobinding

        def predict():
            states[0].fill(0)
            run(bindings[0])

        def generate():
            states[0].fill(0)
            for t, row in enumerate(rows):
                x[:] = row
                run(bindings[t & 1])

        self.run = predict if workload.task == "predict" else generate
        self.run()
        return {"check": [float(value) for value in y.reshape(-1)[:4]], "versions": self.versions}


line_protocol.serve(OnnxRuntime())
