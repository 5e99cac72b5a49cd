package netfilter

import (
	"errors"
	"strings"
	"testing"
)

func TestFile(t *testing.T) {
	rules := []Rule{
		web,
		{Family: IP6, Chain: Forward, Proto: TCP, Ports: []PortRange{Port(80)}, Verdict: Accept},
		{Family: IP, Chain: Input, Src: prefixes("198.51.100.0/25"), Verdict: Drop},
		{Family: IP, Chain: Input, Src: prefixes("198.51.100.128/25"), Verdict: Drop},
	}
	timed := Rule{Family: IP, Chain: Input, Src: prefixes("198.51.101.0/24"), Verdict: Drop, Timeout: 3600}
	for s, want := range map[Syntax]string{
		NFT: `add table inet filter
add chain inet filter sl-input
flush chain inet filter sl-input
add set inet filter sl-input-ip { type ipv4_addr; flags interval, timeout; }
flush set inet filter sl-input-ip
add rule inet filter sl-input ip saddr @sl-input-ip drop
add set inet filter sl-input-ip6 { type ipv6_addr; flags interval, timeout; }
flush set inet filter sl-input-ip6
add rule inet filter sl-input ip6 saddr @sl-input-ip6 drop
add chain inet filter sl-output
flush chain inet filter sl-output
add chain inet filter sl-forward
flush chain inet filter sl-forward
add set inet filter sl-forward-ip { type ipv4_addr; flags interval, timeout; }
flush set inet filter sl-forward-ip
add rule inet filter sl-forward ip saddr @sl-forward-ip drop
add set inet filter sl-forward-ip6 { type ipv6_addr; flags interval, timeout; }
flush set inet filter sl-forward-ip6
add rule inet filter sl-forward ip6 saddr @sl-forward-ip6 drop
add rule inet filter sl-input ip saddr 198.51.100.0/24 drop
add element inet filter sl-input-ip { 198.51.101.0/24 timeout 3600s }
add rule inet filter sl-input iifname "eth0" ip saddr { 192.0.2.0/24, 198.51.100.7 } ip daddr 203.0.113.1 tcp dport { 22, 80-90 } accept
add rule inet filter sl-forward meta nfproto ipv6 tcp dport 80 accept
`,
		Restore: `*filter
:SL-INPUT - [0:0]
:SL-OUTPUT - [0:0]
:SL-FORWARD - [0:0]
-4 -A SL-INPUT -s 198.51.100.0/24 -j DROP
-4 -A SL-INPUT -s 192.0.2.0/24,198.51.100.7/32 -d 203.0.113.1/32 -i eth0 -p tcp -m multiport --dports 22,80:90 -j ACCEPT
-6 -A SL-FORWARD -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
`,
	} {
		rules := rules
		if s == NFT {
			rules = append(rules, timed)
		}
		got, err := AppendFile([]byte("before\n"), s, rules)
		if err != nil || string(got) != "before\n"+want {
			t.Errorf("%s: %v\n%s", s, err, got)
		}
	}
	got, err := AppendFile([]byte("before"), IPSet, rules)
	if err == nil || string(got) != "before" {
		t.Errorf("a set of rules with ports: %q", got)
	}
	if _, err := AppendFile(nil, NFT, []Rule{{}}); err == nil {
		t.Error("a rule that is none")
	}
	if _, err := AppendFile(nil, "pf", nil); err == nil {
		t.Error("an unknown notation")
	}
}

func TestParseFileNamesTheLine(t *testing.T) {
	before, _ := Frame(NFT)
	const one, two = "add rule inet filter sl-input ip saddr 192.0.2.1 accept\n", "add rule inet filter sl-input ip saddr 192.0.2.9 accept\n"
	const both = "add rule inet filter sl-input ip saddr { 192.0.2.1, 192.0.2.9 } accept\n"
	const tcp = "add rule inet filter sl-input ip saddr 192.0.2.1 tcp dport 22 drop\n"
	tests := []struct {
		name string
		body string
		line int // 0: it is read; after the head from 1001
	}{
		{"empty", "", 0},
		{"no rules", before, 0},
		{"merged", before + both, 0},
		{"no head", one, 1},
		{"a line of the head is missing", strings.Replace(before, "flush chain inet filter sl-input\n", "", 1), 3},
		{"the head is cut", before[:len(before)-1], 1000},
		{"not merged", before + one + two, 1001},
		{"twice", before + one + one, 1002},
		{"not in order", before + both + tcp, 1001},
		{"last line is cut", before + strings.TrimSuffix(one, "\n"), 1001},
		{"a blank line", before + "\n" + one, 1001},
		{"a comment", before + both + "# mine\n", 1002},
		{"a command", before + both + "flush ruleset\n", 1002},
		{"carriage return", before + strings.Replace(one, "\n", "\r\n", 1), 1001},
		{"a second head", before + before, 1001},
		{"nul", before + "\x00", 1001},
	}
	for _, tt := range tests {
		if tt.line >= 1000 {
			tt.line += strings.Count(before, "\n") - 1000
		}
		_, err := ParseFile(NFT, []byte(tt.body))
		var at *LineError
		switch {
		case tt.line == 0 && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.line > 0 && !errors.As(err, &at):
			t.Errorf("%s: %v", tt.name, err)
		case tt.line > 0 && at.Line != tt.line:
			t.Errorf("%s: %v, not line %d", tt.name, err, tt.line)
		}
	}
	if _, err := ParseFile(Restore, []byte("*filter\n:SL-INPUT - [0:0]\n:SL-OUTPUT - [0:0]\n:SL-FORWARD - [0:0]\nCOMMIT\n-4 -A SL-INPUT -j ACCEPT\n")); err == nil {
		t.Error("a rule behind COMMIT")
	}
	if _, err := ParseFile("pf", []byte("pass")); err == nil {
		t.Error("an unknown notation")
	}
}
