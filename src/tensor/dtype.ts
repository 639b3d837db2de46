/** "float" holds real numbers (and masks, as 0 and 1); "int" holds ids and labels. */
export type DType = "float" | "int";
