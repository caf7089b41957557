// Draws [data-graph] with Cytoscape: nodes have id, label, kind and url; edges source, target, label.
// Cytoscape would add a <style> element, which our policy refuses; a marker tells it that it is there already.
(() => {
  "use strict";
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const SHAPES = { post: "round-rectangle", contact: "diamond", account: "ellipse", case: "hexagon", person: "triangle", campaign: "octagon" };
  const marker = () => {
    if (document.getElementById("__________cytoscape_stylesheet")) return;
    const there = document.createElement("meta");
    there.id = "__________cytoscape_stylesheet";
    document.head.append(there);
  };
  const draw = async (place) => {
    if (place.dataset.drawn) return;
    place.dataset.drawn = "yes";
    const answer = await fetch(place.dataset.graph, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { nodes, edges } = await answer.json();
    marker();
    const graph = window.cytoscape({
      container: place,
      elements: [...nodes.map((data) => ({ data })), ...edges.map((data) => ({ data }))],
      layout: { name: nodes.length > 1 ? "cose" : "grid", animate: false, nodeDimensionsIncludeLabels: true },
      minZoom: 0.3,
      maxZoom: 2.5,
      style: [
        { selector: "node", style: { label: "data(label)", shape: (node) => SHAPES[node.data("kind")] || "ellipse", "background-color": style("--rs-accent"), color: style("--rs-text"), "font-family": "Be Vietnam Pro", "font-size": 10, width: 20, height: 20, "text-valign": "bottom", "text-margin-y": 4, "text-max-width": "120px", "text-wrap": "ellipsis" } },
        { selector: "edge", style: { width: 1.2, "line-color": style("--rs-line-strong"), "curve-style": "haystack" } },
      ],
    });
    graph.on("tap", "node", (event) => {
      const url = event.target.data("url");
      if (url && url.startsWith("/")) window.location.assign(url);
    });
    place.rasoatGraph = graph;
  };
  const ready = () => document.querySelectorAll("[data-graph]").forEach(draw);
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:load", ready);
})();
