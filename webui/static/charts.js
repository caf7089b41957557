// Draws [data-chart] with ECharts from plain options. Tooltips are drawn on the canvas (renderMode richText),
// since the policy of our pages allows no style attributes in markup.
(() => {
  "use strict";
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const draw = (place) => {
    if (place.dataset.drawn) return;
    place.dataset.drawn = "yes";
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    const quiet = style("--rs-quiet");
    const font = { fontFamily: "Be Vietnam Pro", color: style("--rs-text") };
    chart.setOption({
      color: [style("--rs-accent"), style("--rs-warning"), style("--rs-good"), style("--rs-bad"), quiet],
      textStyle: font,
      animation: false,
      aria: { enabled: true, decal: { show: true } },
      grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText" },
      legend: { textStyle: font },
    });
    chart.setOption(JSON.parse(place.dataset.chart));
    new ResizeObserver(() => chart.resize()).observe(place);
  };
  const ready = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:load", ready);
})();
