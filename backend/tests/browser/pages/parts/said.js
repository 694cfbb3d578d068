// What frames send to the page around them stands in its #state.
const said = [];
addEventListener("message", (event) => {
  if (typeof event.data !== "string") return;
  said.push(event.data);
  document.getElementById("state").value = said.join(", ");
});
