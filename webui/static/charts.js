// Draws [data-chart] with ECharts from plain options. Tooltips are drawn on the canvas (renderMode richText),
// since the policy of our pages allows no style attributes in markup.
(() => {
  "use strict";
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const draw = (place) => {
    if (place.dataset.drawn) return;
    place.dataset.drawn = "yes";
    const font = { fontFamily: "Be Vietnam Pro", color: style("--rs-text") };
    const line = { lineStyle: { color: style("--rs-line-strong") } };
    const axis = {
      axisLabel: { ...font, color: style("--rs-quiet") },
      axisLine: line,
      axisTick: line,
      splitLine: { lineStyle: { color: style("--rs-line") } },
    };
    const colours = ["--rs-accent", "--rs-warning", "--rs-good", "--rs-bad", "--rs-quiet"].map(style);
    const theme = {
      color: colours,
      textStyle: font,
      categoryAxis: axis,
      valueAxis: axis,
      timeAxis: axis,
      legend: { textStyle: font },
      tooltip: { backgroundColor: style("--rs-surface"), borderColor: style("--rs-line-strong"), textStyle: font },
    };
    const chart = window.echarts.init(place, theme, { renderer: "canvas" });
    chart.setOption({
      animation: false,
      aria: { enabled: true, decal: { show: true } },
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText" },
      legend: { top: 0, right: 0, bottom: "auto" },
    });
    chart.setOption(JSON.parse(place.dataset.chart));
    new ResizeObserver(() => chart.resize()).observe(place);
  };
  const ready = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:load", ready);
})();
