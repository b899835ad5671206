package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fenced  = regexp.MustCompile("(?ms)^\\s*```.*?^\\s*```$")
)

// TestLinks follows every link to a file of this repository, and to a heading in it.
func TestLinks(t *testing.T) {
	for _, page := range append(pages(t), "CHANGELOG.md", "SECURITY.md") {
		text := fenced.ReplaceAllString(read(t, filepath.Join(root, page)), "")
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, ":") {
				continue // of another site
			}
			file := filepath.Join(root, filepath.Dir(page), target)
			if target == "" {
				file = filepath.Join(root, page)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
				continue
			}
			if anchor != "" && strings.HasSuffix(file, ".md") && !slices.Contains(anchorsOf(read(t, file)), anchor) {
				t.Errorf("%s links to %s, and no heading there is called so", page, m[1])
			}
		}
	}
}

// anchorsOf returns what a code host calls the headings of a page.
func anchorsOf(text string) (anchors []string) {
	for _, m := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		var b strings.Builder
		for _, r := range strings.ToLower(m[1]) {
			switch {
			case r == ' ' || r == '-':
				b.WriteRune('-')
			case strings.ContainsRune("`*_.,:;!?'\"()[]{}/<>|&+=", r):
			default:
				b.WriteRune(r)
			}
		}
		anchors = append(anchors, b.String())
	}
	return anchors
}

// TestEveryPageIsInTheIndex keeps pages from being lost.
func TestEveryPageIsInTheIndex(t *testing.T) {
	index := read(t, "README.md")
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	recipes, err := filepath.Glob("recipes/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file != "README.md" && !strings.Contains(index, "]("+file+")") {
			t.Errorf("docs/README.md has no link to %s", file)
		}
	}
	list := read(t, "recipes.md")
	for _, dir := range recipes {
		if !strings.Contains(list, "]("+dir+"/") {
			t.Errorf("docs/recipes.md has no link to %s", dir)
		}
	}
}
