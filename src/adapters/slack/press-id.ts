/** The names of our buttons: unique within a message, and known as ours when one is pressed. */

export const pressId = (index: number): string => `cb:${index}`;

export const PRESSES = /^cb:\d{1,2}$/;
