/** Where the chat takes the whole screen: phones upright and across, and desktops zoomed to 400 %. */

export const SMALL = "(max-width: 640px), (max-height: 480px)";
