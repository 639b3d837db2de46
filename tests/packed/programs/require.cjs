/** CommonJS reads every door with require. */
const doors = ["", "/text", "/datasets", "/equations", "/formats", "/recipes"];
const counts = doors.map((door) => Object.keys(require(`tavali${door}`)).length);
console.log(JSON.stringify(counts));
