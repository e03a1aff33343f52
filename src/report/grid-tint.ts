type Rgb = readonly [red: number, green: number, blue: number];

/** From the sharp centre to the coarse periphery; each is legible on white and on near black. */
const STOPS: readonly [Rgb, Rgb, Rgb, Rgb, Rgb] = [
  [255, 209, 102],
  [247, 140, 107],
  [209, 85, 143],
  [123, 75, 183],
  [58, 72, 158],
];

/**
 * Colour of a zone by the logarithm of its area.
 *
 * @param taps - taps of the zone
 * @param most - taps of the largest zone of the grid
 */
export function zoneTint(taps: number, most: number): Rgb {
  const place = areaShare(taps, most) * (STOPS.length - 1);
  const index = Math.min(Math.floor(place), STOPS.length - 2);
  const [from, to] = [STOPS[index] ?? STOPS[0], STOPS[index + 1] ?? STOPS[4]];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (place - index) * (to[channel] - from[channel]));
  return [mix(0), mix(1), mix(2)];
}

/** `#rrggbb`. */
export function hexColor(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** The same way in a terminal's 256 colours: two shades each, so that neighbours differ. */
const TERMINAL: readonly (readonly [light: number, dark: number])[] = [
  [221, 178],
  [215, 179],
  [209, 173],
  [204, 168],
  [169, 132],
  [134, 97],
  [62, 60],
];

/** Colour of a zone among a terminal's 256. */
export function terminalTint(taps: number, most: number, dark: boolean): number {
  const shades = TERMINAL[Math.round(areaShare(taps, most) * (TERMINAL.length - 1))];
  return shades?.[dark ? 1 : 0] ?? 0;
}

/** 0 for a single tap, 1 for the largest zone. */
function areaShare(taps: number, most: number): number {
  return most === 1 ? 0 : Math.log2(taps) / Math.log2(most);
}
