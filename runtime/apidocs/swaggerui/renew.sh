#!/bin/sh
# Fetches swagger-ui from npm: change the version, run "go generate" in the
# directory above, run the tests of browsertest, and commit what has changed.
set -eu
version=5.35.0

cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
npm pack --silent --pack-destination "$work" "swagger-ui-dist@$version" >/dev/null
tar -xzf "$work"/*.tgz -C "$work"
for file in swagger-ui-bundle.js swagger-ui.css; do
	gzip -9 -n -c "$work/package/$file" >"$file.gz"
done
for file in LICENSE NOTICE swagger-ui-bundle.js.LICENSE.txt favicon-32x32.png oauth2-redirect.html oauth2-redirect.js; do
	cp "$work/package/$file" .
	chmod 644 "$file"
done
