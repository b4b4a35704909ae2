/* Dragging. In `<ol data-order>` each piece has a `<form data-move>` whose buttons move it without this; dropping it
   elsewhere sends the same form with the place it was dropped at. */

export function connectOrdering() {
  for (const list of document.querySelectorAll("[data-order]")) connect(list);
}

function connect(list) {
  let dragged = null;
  let before = 0;
  for (const piece of list.children) piece.draggable = true;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-order] > *");
    before = [...list.children].indexOf(dragged);
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("is-dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-order] > *");
    if (!dragged || !over || over === dragged) return;
    const box = over.getBoundingClientRect();
    over.insertAdjacentElement(event.clientY < box.top + box.height / 2 ? "beforebegin" : "afterend", dragged);
  });
  // Wherever it is let go of on this page, it stays where it stands by then; only who calls it off puts it back.
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => dragged && event.preventDefault());
  list.addEventListener("dragend", (event) => {
    dragged.classList.remove("is-dragged");
    const place = [...list.children].indexOf(dragged);
    if (event.dataTransfer.dropEffect === "none") list.insertBefore(dragged, list.children[place < before ? before + 1 : before] ?? null);
    else if (place !== before) send(dragged.querySelector("[data-move]"), place);
    dragged = null;
  });
}

function send(form, place) {
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "to", value: place });
  form.append(field);
  form.submit();
}
