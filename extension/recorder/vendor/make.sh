#!/bin/sh
# Makes the vendored libraries anew from the npm registry, into the folder that this file is in; then set the hashes in
# extension/vendor.json. Needs npm.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save --ignore-scripts dom-accessibility-api@0.7.1 esbuild@0.28.2
library=node_modules/dom-accessibility-api
# What stands in a field is no part of a name: the library would read it where a field stands inside a label.
sed -i -e 's/return getValueOfTextbox(current);/return "";/' \
       -e 's/return isHTMLInputElement(current) ? current.value : "";/return "";/' \
       $library/dist/accessible-name-and-description.mjs
{
  printf '/*! dom-accessibility-api 0.7.1, changed so that it reads no values of fields\n\n'
  cat $library/LICENSE.md
  printf '*/\n'
  node_modules/.bin/esbuild $library/dist/index.mjs --bundle --format=iife --global-name=DomAccessibilityApi --target=chrome110 \
    --charset=utf8 --log-level=warning
} | sed -e 's/[[:space:]]*$//' -e '/^ *\/\/ TODO: /d' >"$folder/dom-accessibility-api.js"
