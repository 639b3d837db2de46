"""schedules.json: the learning rate at steps around every bend of each schedule."""

from setting import from_table, keras

SCHEDULES = {
    "exponentialDecay": keras.optimizers.schedules.ExponentialDecay,
    "inverseTimeDecay": keras.optimizers.schedules.InverseTimeDecay,
    "polynomialDecay": keras.optimizers.schedules.PolynomialDecay,
    "piecewiseConstantDecay": keras.optimizers.schedules.PiecewiseConstantDecay,
    "cosineDecay": keras.optimizers.schedules.CosineDecay,
    "cosineDecayRestarts": keras.optimizers.schedules.CosineDecayRestarts,
}
STEPS = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 14, 15, 16, 17, 20, 21, 34, 37, 76]
FALLING = {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.6}
LINE = {"initialLearningRate": 0.1, "decaySteps": 10}
TABLE = [
    {"type": "exponentialDecay", **FALLING},
    {"type": "exponentialDecay", **FALLING, "staircase": True},
    {"type": "inverseTimeDecay", **FALLING},
    {"type": "inverseTimeDecay", **FALLING, "staircase": True},
    {"type": "polynomialDecay", **LINE},
    {"type": "polynomialDecay", **LINE, "endLearningRate": 0.02, "power": 2.5},
    {"type": "polynomialDecay", **LINE, "endLearningRate": 0.02, "cycle": True},
    {"type": "piecewiseConstantDecay", "boundaries": [3, 8, 15], "values": [0.1, 0.05, 0.07, 0.01]},
    {"type": "cosineDecay", **LINE},
    {"type": "cosineDecay", **LINE, "alpha": 0.1, "warmupTarget": 0.3, "warmupSteps": 5},
    {"type": "cosineDecay", "initialLearningRate": 0.0, "decaySteps": 15, "warmupTarget": 0.2, "warmupSteps": 6},
    {"type": "cosineDecayRestarts", "initialLearningRate": 0.1, "firstDecaySteps": 5},
    {"type": "cosineDecayRestarts", "initialLearningRate": 0.1, "firstDecaySteps": 5, "tMul": 1.0, "mMul": 0.5},
    {"type": "cosineDecayRestarts", "initialLearningRate": 0.1, "firstDecaySteps": 4, "tMul": 3.0, "mMul": 0.7, "alpha": 0.2},
]


def case(spec):
    built = from_table(SCHEDULES, spec)
    name = ", ".join([spec["type"], *[f"{k}={v}" for k, v in spec.items() if k != "type"]])
    values = [float(built(keras.ops.convert_to_tensor(float(step), dtype="float64"))) for step in STEPS]
    return {"name": name, "schedule": spec, "steps": STEPS, "values": values}


def cases():
    return [case(spec) for spec in TABLE]
