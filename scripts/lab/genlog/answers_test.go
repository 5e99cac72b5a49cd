package main

import (
	"bytes"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The answers beside the logs of testdata are held against the logs.

var (
	mediated = regexp.MustCompile(`apparmor="([A-Z]+)"`)
	logged   = regexp.MustCompile(`IN=[^ ]* OUT=`)
)

// The verdict of a packet is in its prefix, which takes a parser to read: here
// only their sum is counted again.
func TestCounts(t *testing.T) {
	listed := map[string]int{}
	for _, row := range linesOf(t, "counts.tsv")[1:] {
		cell := strings.Split(string(row), "\t")
		if len(cell) != 4 {
			t.Fatalf("%q: want four cells", row)
		}
		n, err := strconv.Atoi(cell[3])
		if err != nil {
			t.Fatalf("%q: %v", row, err)
		}
		if cell[1] == "netfilter" {
			cell[2] = "any"
		}
		listed[strings.Join(cell[:3], " ")] += n
	}
	counted := map[string]int{}
	for _, name := range ordinary {
		for _, line := range linesOf(t, name) {
			if m := mediated.FindSubmatch(line); m != nil {
				counted[name+" apparmor "+string(m[1])]++
			} else if logged.Match(line) {
				counted[name+" netfilter any"]++
			}
		}
	}
	if !maps.Equal(listed, counted) {
		t.Errorf("listed  %v\ncounted %v", listed, counted)
	}
}

var fieldOf = regexp.MustCompile(`([a-z_]+)=("(?:[^"\\]|\\.)*")`)

func TestHostileAnswers(t *testing.T) {
	lines := linesOf(t, "hostile.log")
	if n := len(lines); n < 60 || n > 300 {
		t.Errorf("%d lines, want 60 to 300", n)
	}
	last := 0
	for _, row := range linesOf(t, "hostile.tsv")[1:] {
		cell := strings.Split(string(row), "\t")
		if len(cell) != 5 {
			t.Fatalf("%.80q: want five cells", row)
		}
		n, err := strconv.Atoi(cell[0])
		if err != nil || n <= last || n > len(lines) {
			t.Fatalf("%.80q: no line for it", row)
		}
		last = n
		if !slices.Contains([]string{"event", "none", "untrusted", "loss", "any"}, cell[1]) {
			t.Errorf("line %d: want is %q", n, cell[1])
		}
		if (cell[1] == "event") && cell[2] != "apparmor" && cell[2] != "netfilter" {
			t.Errorf("line %d: kind is %q", n, cell[2])
		}
		fields := fieldOf.FindAllStringSubmatch(cell[3], -1)
		if len(fields) == 0 && cell[3] != "-" {
			t.Errorf("line %d: fields are %q", n, cell[3])
		}
		for _, f := range fields {
			value, err := strconv.Unquote(f[2])
			if err != nil {
				t.Errorf("line %d: %s: %v", n, f[0], err)
				continue
			}
			encoded := strings.ToUpper(hex.EncodeToString([]byte(value)))
			if line := lines[n-1]; !bytes.Contains(line, []byte(value)) && !bytes.Contains(line, []byte(encoded)) {
				t.Errorf("line %d: %.80s does not stand in it", n, f[0])
			}
		}
	}
	for i, line := range lines {
		if err := onlyNobodysAddresses(line); err != nil {
			t.Errorf("hostile.log:%d: %v", i+1, err)
		}
	}
}
