package propose

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The manual page names every kind of note, and no other.
func TestNotesInPage(t *testing.T) {
	page, err := os.ReadFile("../../../man/sl-apparmor.1")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), ".Ss What becomes a note\n")
	section, _, _ = strings.Cut(section, "\n.El\n")
	inPage := make(map[string]bool)
	for _, m := range regexp.MustCompile(`(?m)^\.It Cm (.*)$`).FindAllStringSubmatch(section, -1) {
		for _, kind := range strings.Split(m[1], " , ") {
			inPage[kind] = true
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	kind := regexp.MustCompile(`pr\.note\("([a-z]+)"|\b[a-z]+Note += "([a-z]+)"|kind(?:: +| = )"([a-z]+)"|noteKey\{"([a-z]+)"`)
	inSource := make(map[string]bool)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range kind.FindAllStringSubmatch(string(text), -1) {
			inSource[strings.Join(m[1:], "")] = true
		}
	}
	for kind := range inSource {
		if !inPage[kind] {
			t.Errorf("the page does not name notes of kind %q", kind)
		}
	}
	for kind := range inPage {
		if !inSource[kind] {
			t.Errorf("there are no notes of kind %q", kind)
		}
	}
	if len(inPage) < 15 {
		t.Errorf("kinds %v", inPage)
	}
}
