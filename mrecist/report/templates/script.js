"use strict";
// Nothing here is needed to read the page: it folds reasons, follows a column, filters the index.
(function () {
  var whys = Array.prototype.slice.call(document.querySelectorAll("details.why"));
  function open(all, inside) {
    whys.forEach(function (why) { if (inside.contains(why)) { why.open = all; } });
  }
  function unfold() {
    var asked = location.hash && document.getElementById(location.hash.slice(1));
    if (asked && asked.tagName === "DETAILS") { asked.open = true; asked.scrollIntoView(); }
  }
  function tools(before, parts) {
    var bar = document.createElement("div");
    bar.className = "tools";
    parts.forEach(function (part) { bar.appendChild(part); });
    before.parentNode.insertBefore(bar, before);
  }
  function button(text, does) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", does);
    return made;
  }
  document.documentElement.classList.add("scripted");
  if (whys.length) {
    open(false, document);
    document.querySelectorAll("section.line").forEach(function (line) {
      tools(line.querySelector("details.why"), [
        button("Open all", function () { open(true, line); }),
        button("Fold all", function () { open(false, line); })
      ]);
    });
    if (document.body.classList.contains("whys")) {
      var before = null;
      window.addEventListener("beforeprint", function () {
        before = before || whys.map(function (why) { return why.open; });
        open(true, document);
      });
      window.addEventListener("afterprint", function () {
        if (before) { whys.forEach(function (why, i) { why.open = before[i]; }); }
        before = null;
      });
    }
    window.addEventListener("hashchange", unfold);
    unfold();
  }
  document.querySelectorAll("table.sizes").forEach(function (table) {
    function mark(at) {
      table.querySelectorAll("tr").forEach(function (row) {
        Array.prototype.forEach.call(row.children, function (cell, i) {
          cell.classList.toggle("here", i === at && i > 0);
        });
      });
    }
    table.addEventListener("mouseover", function (event) {
      var cell = event.target.closest("th, td");
      mark(cell ? cell.cellIndex : -1);
    });
    table.addEventListener("mouseleave", function () { mark(-1); });
  });
  var index = document.querySelector("table.index");
  if (index) {
    var rows = Array.prototype.slice.call(index.tBodies[0].rows);
    var label = document.createElement("label");
    var field = document.createElement("input");
    var count = document.createElement("span");
    label.textContent = "Show only ";
    field.type = "search";
    label.appendChild(field);
    count.setAttribute("role", "status");
    field.addEventListener("input", function () {
      var words = field.value.toLowerCase().split(/\s+/);
      var left = rows.filter(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) { return text.includes(word); });
        return !row.hidden;
      });
      count.textContent = left.length + " of " + rows.length;
    });
    tools(index.parentNode, [label, count]);
  }
})();
