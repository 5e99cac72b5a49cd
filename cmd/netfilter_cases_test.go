package cmd_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// netfilterCases are logs of firewalls in the field, beside the project.
const netfilterCases = "../../shared/cases/netfilter/"

// unmet are the cases of which a part does not hold yet, and which.
var unmet = map[string]string{
	"multicast-services": "services to groups make a note, and no rule yet",
	"nflog-origin":       "the ruleset does not read the prefixes of NFLOG yet",
	"nixos":              "the verdict comes from the prefix; the ruleset does not say it yet",
	"other-table-hint":   "no rules are made for a table of somebody else yet",
	"rules-of-a-scan":    "sl-iptables -r does not merge ports yet",
}

// fieldCase is what must come of a log: verdicts and prefixes of its events in their
// order ("" of a list: not asked), errors, and the notes and rules of sl-iptables.
type fieldCase struct {
	options  []string // of sl-parse
	verdicts string
	prefixes []string
	errors   int
	notes    string // kinds that must be there
	rules    int    // with --allow; -1: not asked
	has      string // in the stream of events
}

var fieldCases = map[string]fieldCase{
	"asus-level-marks":             {verdicts: "drop", rules: 1, has: `"trust":"none"`},
	"csf-more":                     {verdicts: "drop drop drop drop drop reject drop drop", notes: "rate invalid list", has: `"kind":"limited"`},
	"firewalld-more":               {verdicts: "drop reject reject", notes: "route", rules: 1, has: `"zone":"public"`},
	"invalid-state-allow":          {verdicts: "drop drop", notes: "invalid"},
	"named-firewalls":              {verdicts: "drop drop drop drop unknown drop reject drop drop drop reject drop", rules: -1},
	"multicast-services":           {verdicts: "drop drop drop drop drop drop", rules: -1},
	"nflog-origin":                 {verdicts: "drop", rules: 1},
	"nixos":                        {verdicts: "drop drop", notes: "route", rules: 1},
	"other-table-hint":             {verdicts: "drop drop drop unknown drop", notes: "invalid verdict", rules: 3},
	"nf-untagged-cut":              {errors: 2},
	"none-verdicts-assume-dropped": {verdicts: "none none none none none none"},
	"prefix-eaten-as-tag":          {verdicts: "drop", prefixes: []string{"Shorewall:net2all:DROP: "}, rules: 1, has: `"zone":"net2all"`},
	"prefix-eaten-no-host":         {verdicts: "drop", prefixes: []string{"DENY: "}, rules: 1},
	"prerouting-is-not-input":      {options: []string{"--prefix", "[BLOCKED=drop"}, verdicts: "drop", notes: "unproven", rules: 1},
	"pve-over-syslog":              {verdicts: "drop drop drop", rules: -1, has: `"carrier":"pve-firewall"`},
	"rate-limit-allow":             {verdicts: "reject", notes: "rate"},
	"shorewall-more":               {verdicts: "drop reject drop drop reject", rules: -1},
	"ufw-docker":                   {verdicts: "drop", rules: 1, has: `"kind":"limited"`},
	"ufw-limit":                    {verdicts: "none", has: `"kind":"limited"`},
	"ulogd-other-protocols":        {verdicts: "drop drop", rules: 1, has: `"dpt":36412`},
	"ulogd-syslogemu":              {verdicts: "unknown unknown unknown drop", prefixes: []string{"", "", "[Detect brutforce]: ", "IPTABLES DROPPED "}, rules: 1},
	"unifi-rfc5424":                {verdicts: "drop", rules: 1, has: `"zone":"WAN_LOCAL"`},
	"unifi-tcp-logemu":             {verdicts: "drop", rules: 1, has: `"zone":"WAN_LAN"`},
	"verdict-words":                {verdicts: strings.Repeat("drop ", 12) + "reject" + strings.Repeat(" drop", 5), rules: -1},
}

// TestFirewallsInTheField holds each log against what a person says is right of it.
func TestFirewallsInTheField(t *testing.T) {
	logs, _ := filepath.Glob(netfilterCases + "*.log")
	if len(logs) == 0 {
		t.Skipf("SKIPPED: no cases in %s", netfilterCases)
	}
	held := 0
	for _, path := range logs {
		name := strings.TrimSuffix(filepath.Base(path), ".log")
		t.Run(name, func(t *testing.T) {
			want, ok := fieldCases[name]
			if why := unmet[name]; why != "" {
				t.Logf("not held whole: %s", why)
			}
			if !ok {
				t.Skip("nothing of it is held yet")
			}
			log, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			events := filter(t, log, "sl-parse", append([]string{"-R", "-q", "--errors", "--year", "2026"}, want.options...)...)
			want.check(t, events, filter(t, events, "sl-iptables", "--allow"))
			held++
		})
	}
	t.Logf("%d of %d cases hold, %d of them in part", held, len(logs), len(unmet)-1)
}

func (want *fieldCase) check(t *testing.T, events, proposals []byte) {
	var verdicts, prefixes []string
	failed := 0
	for _, o := range objects(t, events) {
		switch o.Type {
		case "event":
			verdicts, prefixes = append(verdicts, o.Verdict), append(prefixes, o.Prefix)
		case "error":
			failed++
		case "end":
			if o.Skipped != 0 {
				t.Errorf("%d lines are skipped", o.Skipped)
			}
		}
	}
	if got := strings.Join(verdicts, " "); got != want.verdicts {
		t.Errorf("verdicts %s\nwant     %s", got, want.verdicts)
	}
	if want.prefixes != nil && strings.Join(prefixes, "|") != strings.Join(want.prefixes, "|") {
		t.Errorf("prefixes %q, want %q", prefixes, want.prefixes)
	}
	if failed != want.errors {
		t.Errorf("%d errors, want %d", failed, want.errors)
	}
	if !bytes.Contains(events, []byte(want.has)) {
		t.Errorf("no %s in\n%s", want.has, events)
	}
	rules, notes := 0, map[string]bool{}
	for _, o := range objects(t, proposals) {
		if o.Type == "rule" {
			rules++
		}
		notes[o.Kind] = true
	}
	for _, kind := range strings.Fields(want.notes) {
		if !notes[kind] {
			t.Errorf("no note %s", kind)
		}
	}
	if want.rules >= 0 && rules != want.rules {
		t.Errorf("%d rules, want %d\n%s", rules, want.rules, proposals)
	}
}

// object is what the cases ask of a line of the stream.
type object struct {
	Type, Kind, Verdict, Prefix string
	Skipped                     int
}

func objects(t *testing.T, stream []byte) (all []object) {
	t.Helper()
	for line := range bytes.Lines(stream) {
		var o object
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}
