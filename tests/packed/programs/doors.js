/** Every door of the package, kept whole. */
import * as tavali from "tavali";
import * as datasets from "tavali/datasets";
import * as equations from "tavali/equations";
import * as formats from "tavali/formats";
import * as recipes from "tavali/recipes";
import * as text from "tavali/text";

globalThis.answer = () => [tavali, datasets, equations, formats, recipes, text].map((door) => Object.keys(door).length);
