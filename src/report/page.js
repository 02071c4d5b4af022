"use strict";
// Shows the numbers of a chart on it, for the pointer and for the keyboard. They are those of its table.
for (const plot of document.querySelectorAll(".plot")) {
  const mark = plot.querySelector(".mark");
  const value = plot.querySelector(".value");
  const rows = [...plot.closest("figure").querySelectorAll("tr[data-at]")].filter((row) => row.dataset.at);
  const places = rows.map((row) => row.dataset.at.split(",").map((spot) => spot.split(" ").map((n) => n / 1000)));
  let current = -1;

  const hide = () => {
    current = -1;
    mark.hidden = true;
    value.hidden = true;
  };

  const show = (row, spot) => {
    current = row;
    const names = rows[row].closest("table").querySelectorAll("thead th");
    value.replaceChildren(
      ...[...rows[row].cells].filter((cell) => cell.textContent).map((cell) => {
        const line = document.createElement("span");
        const number = document.createElement("b");
        number.textContent = cell.textContent;
        line.append(names[cell.cellIndex].textContent, ": ", number);
        return line;
      }),
    );
    const [left, top, right, bottom] = places[row][spot];
    const { clientWidth: width, clientHeight: height } = plot;
    mark.style.left = `${left * width}px`;
    mark.style.top = `${top * height}px`;
    mark.style.width = `${Math.max(3, (right - left) * width)}px`;
    mark.style.height = `${Math.max(3, (bottom - top) * height)}px`;
    mark.hidden = false;
    value.hidden = false;
    const beside = right * width + 8;
    const fits = beside + value.offsetWidth <= width;
    value.style.left = `${fits ? beside : Math.max(0, left * width - 8 - value.offsetWidth)}px`;
    const most = Math.max(0, height - value.offsetHeight);
    value.style.top = `${Math.min(Math.max(0, top * height), most)}px`;
  };

  plot.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    // Of several marks under the pointer the smallest.
    let best = null;
    places.forEach((spots, row) => {
      spots.forEach(([left, top, right, bottom], spot) => {
        const area = (right - left) * (bottom - top);
        if (left <= x && x <= right && top <= y && y <= bottom && (best === null || area < best.area)) {
          best = { row, spot, area };
        }
      });
    });
    if (best === null) {
      hide();
    } else {
      show(best.row, best.spot);
    }
  });
  plot.addEventListener("pointerleave", hide);
  plot.addEventListener("blur", hide);
  plot.addEventListener("focus", () => {
    if (rows.length > 0 && plot.matches(":focus-visible")) {
      show(0, 0);
    }
  });
  plot.addEventListener("keydown", (event) => {
    const last = rows.length - 1;
    const next = {
      ArrowRight: current + 1,
      ArrowDown: current + 1,
      ArrowLeft: current - 1,
      ArrowUp: current - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") {
      hide();
    } else if (next !== undefined && last >= 0) {
      event.preventDefault();
      show(Math.min(Math.max(0, next), last), 0);
    }
  });
}
