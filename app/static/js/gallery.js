// A thumbnail shows its picture large in place; without scripts it opens the picture.
export function start(page) {
  for (const gallery of page.querySelectorAll("[data-gallery]")) {
    const large = gallery.querySelector(":scope > img");
    const thumbs = [...gallery.querySelectorAll(".thumbs a")];
    for (const thumb of thumbs) {
      thumb.addEventListener("click", (event) => {
        event.preventDefault();
        large.src = thumb.href;
        large.removeAttribute("srcset");
        large.alt = thumb.dataset.alt;
        for (const other of thumbs) other.toggleAttribute("aria-current", false);
        thumb.setAttribute("aria-current", "true");
      });
    }
  }
}
