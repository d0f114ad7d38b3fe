// The entry of the quality page: draws the rates that the server put beside the chart, in the chart's width.
import { drawRates, type Rate } from './rates';

const MIN_WIDTH_PX = 320;

const place = document.getElementById('rates-chart');
const data = document.getElementById('rates')?.textContent;
const rates = data ? (JSON.parse(data) as Rate[]) : [];
if (place && rates.length) {
  const draw = () => place.replaceChildren(drawRates(rates, Math.max(MIN_WIDTH_PX, place.clientWidth)));
  draw();
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    draw();
  }).observe(place);
}
