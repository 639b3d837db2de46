import { dense, sequential, simpleRNN } from "tavali";

globalThis.used = [sequential, dense, simpleRNN];
