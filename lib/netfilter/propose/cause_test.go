package propose

import (
	"slices"
	"strings"
	"testing"
)

const oneKnock = "IN=eth0 SRC=192.0.2.9 DST=198.51.100.1 PROTO=TCP SPT=4000 DPT=22 SYN"

// TestCausesMakeNoAcceptRule: what was dropped for its state, rate, route or a list gets a
// note and no rule that lets it through; blocking counts it.
func TestCausesMakeNoAcceptRule(t *testing.T) {
	for _, cause := range []string{"invalid", "rate", "route", "list"} {
		rules, notes, _ := proposed(t, Options{}, oneKnock+" cause="+cause)
		if len(rules) != 0 || !slices.Equal(notes, []string{cause}) {
			t.Errorf("%s: rules %q, notes %q", cause, rules, notes)
		}
		rules, notes, _ = proposed(t, Options{Mode: Block, MinHits: 1, Spoofable: true}, oneKnock+" cause="+cause)
		if len(rules) != 1 || len(notes) != 0 {
			t.Errorf("%s, block: rules %q, notes %q", cause, rules, notes)
		}
	}
}

// TestPreroutingIsNotInput: IN= alone is prerouting as well. Where the prefix says so
// there is no rule for the host; where nothing says which, a note says what the rule
// rests on, unless another line proves the address to be the host's.
func TestPreroutingIsNotInput(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines []string
		rules int
		notes []string
	}{
		{"prerouting", []string{oneKnock + " hook=PREROUTING"}, 0, []string{"prerouting"}},
		{"nothing says", []string{oneKnock + " hook="}, 1, []string{"unproven"}},
		{"the prefix says", []string{oneKnock + " hook=INPUT"}, 1, nil},
		{"it went out from there", []string{oneKnock + " hook=", "OUT=eth0 SRC=198.51.100.1 DST=192.0.2.53 PROTO=UDP SPT=4000 DPT=53 verdict=accept"}, 1, nil},
		{"another line proves it", []string{oneKnock + " hook=", oneKnock + " hook=INPUT SRC=192.0.2.10 verdict=none"}, 1, nil},
		{"another address is proven", []string{oneKnock + " hook=", "OUT=eth0 SRC=198.51.100.2 DST=192.0.2.53 PROTO=UDP SPT=4000 DPT=53 verdict=accept"}, 1, []string{"unproven"}},
	} {
		rules, notes, _ := proposed(t, Options{}, tt.lines...)
		if len(rules) != tt.rules || !slices.Equal(notes, tt.notes) {
			t.Errorf("%s: rules %q, notes %q", tt.name, rules, notes)
		}
	}
}

// TestPortsOfSCTP: where the log has them, the rule names them.
func TestPortsOfSCTP(t *testing.T) {
	p := newProposer(t, Options{})
	if err := p.AddEvent(event(t, "IN=eth0 SRC=192.0.2.9 DST=198.51.100.1 PROTO=132 SPT=4000 DPT=36412")); err != nil {
		t.Fatal(err)
	}
	rules, err := p.Rules()
	if err != nil || len(rules) != 1 || len(rules[0].Made) != 0 {
		t.Fatalf("%+v, %v", rules, err)
	}
	if want := "sctp dport 36412"; !strings.Contains(rules[0].Text, want) {
		t.Errorf("%s: no %s", rules[0].Text, want)
	}
}
