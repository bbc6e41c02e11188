#!/bin/sh
# Draws every icon the app is built with from loquat.svg. Needs librsvg2-bin and imagemagick.
set -eu
cd "$(dirname "$0")"
draw() { rsvg-convert --width "$1" --height "$1" --output "$2" loquat.svg; }
draw 32 32x32.png
draw 128 128x128.png
draw 256 128x128@2x.png
draw 512 icon.png
convert 128x128@2x.png -define icon:auto-resize=256,64,48,32,16 icon.ico
