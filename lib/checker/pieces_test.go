package checker

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A file that is too long for one message is loaded in pieces: each of its lines
// once, in their order and with their numbers, and what is wrong with one of them is
// said.
func TestPieces(t *testing.T) {
	file := "# by hand\n*filter\n:SL-INPUT - [0:0]\n"
	for i := range 100 {
		file += fmt.Sprintf("-4 -A SL-INPUT -p tcp -m tcp --dport %d -j ACCEPT\n", i)
	}
	file += "COMMIT\n# by hand, too\n"
	for _, test := range []struct {
		name   string
		text   string
		most   int    // lines that fit into a message
		wrong  string // what no load takes
		pieces int    // that are loaded
		err    string
	}{
		{"as one", file, 200, "", 1, ""},
		{"in halves", file, 60, "", 4, ""},
		{"in quarters", file, 40, "", 6, ""},
		{"by threes and less", file, 3, "", 38, ""},
		{"a piece is wrong", file, 40, "dport 77 ", 0, "wrong at 81"},
		{"the whole is wrong", file, 200, "dport 77 ", 0, "wrong at 81"},
		{"no commands", strings.Repeat("# x\n", 100), 40, "", 0, tooLong},
		{"what is by hand is too long", strings.Repeat("# x\n", 100) + file, 60, "", 0, tooLong},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			pieces := 0
			err := loader{command: restoreCommand, open: "*filter\n", close: "COMMIT\n", load: func(text []byte, more bool) error {
				var numbered []string
				n := 0
				for i, line := range strings.Split(string(text), "\n") {
					switch {
					case test.wrong != "" && strings.Contains(line, test.wrong):
						return &Refusal{"iptables-restore", fmt.Sprint("wrong at ", i+1)}
					case line != "":
						n++
					}
					if strings.HasPrefix(line, "-") || strings.HasPrefix(line, "#") {
						numbered = append(numbered, fmt.Sprint(i+1, " ", line))
					}
				}
				if n > test.most+2 { // and the lines around them
					return &Refusal{"iptables-restore", "sendmsg() failed: " + tooLong}
				}
				if !more {
					got, pieces = nil, 0
				}
				got = append(got, numbered...)
				pieces++
				return nil
			}}.file([]byte(test.text))
			if test.err != "" {
				var r *Refusal
				if !errors.As(err, &r) || !strings.Contains(r.Says, test.err) {
					t.Errorf("%v", err)
				}
				return
			}
			var want []string
			for i, line := range strings.Split(test.text, "\n") {
				if strings.HasPrefix(line, "-") || strings.HasPrefix(line, "#") {
					want = append(want, fmt.Sprint(i+1, " ", line))
				}
			}
			if d := cmp.Diff(want, got); d != "" || err != nil || pieces != test.pieces {
				t.Errorf("%d pieces, %v\n%s", pieces, err, d)
			}
		})
	}
}
