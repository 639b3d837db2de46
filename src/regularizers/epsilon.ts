/** Keras's ε, which keeps divisions by a norm finite. */
export const EPSILON = 1e-7;
