import { loadModel, modelFromBytes } from "tavali/formats";

globalThis.used = [loadModel, modelFromBytes];
