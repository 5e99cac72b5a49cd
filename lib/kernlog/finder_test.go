package kernlog

import (
	"bytes"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// TestFinder goes through a block as a stage does, and must meet every line that
// is not skipped.
func TestFinder(t *testing.T) {
	var block []byte
	var want []string
	for _, pattern := range []string{"apparmor/test_multi/*.in", "apparmor/kernel/*.log", "netfilter/psad/*", "netfilter/own-kernel/*.dmesg"} {
		for _, file := range corpusFiles(t, pattern) {
			for _, l := range lines(t, file) {
				var ev record.Event
				if res, err := New(Config{}).Parse([]byte(l), nil, &ev); err != nil || res.Kind != Skip {
					want = append(want, l)
				}
				block = append(append(block, l...), "\nNov 23 15:05:50 host sshd[1]: nothing of ours\n"...)
			}
		}
	}
	var f Finder
	f.Reset(block)
	var got []string
	for at := f.Next(0); at >= 0; {
		start := bytes.LastIndexByte(block[:at], '\n') + 1
		end := at + bytes.IndexByte(block[at:], '\n')
		var ev record.Event
		if res, err := New(Config{}).Parse(block[start:end], nil, &ev); err != nil || res.Kind != Skip {
			got = append(got, string(block[start:end]))
		}
		at = f.Next(end)
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines found, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("found %q, want %q", got[i], want[i])
		}
	}
}

func TestFinderEnds(t *testing.T) {
	var f Finder
	if at := f.Next(0); at != -1 && at != 0 {
		t.Errorf("found at %d before the first block", at)
	}
	for text, want := range map[string]int{"": -1, "OUT": -1, "OUT=": 0, "xOUT=": 1, "backlogOUT=": 7, "backlog limit exceededOUT=": 0} {
		f.Reset([]byte(text))
		if at := f.Next(0); at != want {
			t.Errorf("%q: found at %d, want %d", text, at, want)
		}
		if at := f.Next(len(text)); at != -1 {
			t.Errorf("%q: found at %d behind its end", text, at)
		}
	}
	f.Reset([]byte("OUT= SRC= OUT="))
	for _, step := range [][2]int{{0, 0}, {0, 0}, {1, 5}, {5, 5}, {6, 10}, {11, -1}} {
		if at := f.Next(step[0]); at != step[1] {
			t.Errorf("Next(%d) = %d, want %d", step[0], at, step[1])
		}
	}
}
