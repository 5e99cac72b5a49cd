package netfilter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestIPSetRestoresAndSavesTheSame(t *testing.T) {
	needTools(t, "ipset list -name", "ipset")
	body := mustFile(t, IPSet, manyRules(drawEntry, 100))
	list := inNamespace(t, "ipset restore <f; ipset restore <f; ipset save", map[string][]byte{"f": body})
	adds := func(text string) []string {
		var out []string
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "add ") {
				out = append(out, lastsAbout(strings.TrimSpace(line)))
			}
		}
		slices.Sort(out)
		return out
	}
	compareLines(t, adds(list), adds(string(body)))
}

// lastsAbout rounds a timeout, of which some seconds have passed. An entry that
// stays is listed with the timeout 0.
func lastsAbout(line string) string {
	entry, timeout, _ := strings.Cut(line, " timeout ")
	n, err := strconv.Atoi(timeout)
	if err != nil || n == 0 {
		return entry
	}
	return fmt.Sprintf("%s timeout %d", entry, (n+99)/100)
}
