package propose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

func TestText(t *testing.T) {
	p := newProposer(t, Options{Sources: Net})
	for _, line := range []string{
		in4 + tcp,
		"IN=eth0 SRC=192.0.2.2 DST=203.0.113.1 " + tcp,
		"OUT=wan SRC=203.0.113.1 DST=192.0.2.53 PROTO=UDP SPT=4000 DPT=53 UID=0",
		"IN=eth0* SRC=192.0.2.2 DST=203.0.113.1 " + tcp,
	} {
		if err := p.AddEvent(event(t, line)); err != nil {
			t.Fatal(err)
		}
	}
	hostile := event(t, in4+tcp)
	hostile.Fields[record.FVerdict] = "unknown"
	hostile.Fields[record.FPrefix] = "a\nadd table inet x\x1b[2J\u202e"
	hostile.File = "/tmp/\n-j ACCEPT"
	hostile.Trust, hostile.Reason = record.TrustNone, "standard input"
	if err := p.AddEvent(hostile); err != nil {
		t.Fatal(err)
	}
	rules, err := p.Rules()
	if err != nil {
		t.Fatal(err)
	}
	before, _ := netfilter.Frame(netfilter.NFT)
	want := before + `
# input

# 2 packets at 2026-01-02T03:04:05Z, trust kernel, as in /var/log/kern.log:1
# danger 1 of 10: accepts one service for some addresses; wider than what was seen: sources=net
add rule inet filter sl-input iifname "eth0" ip saddr 192.0.2.0/30 ip daddr 203.0.113.1 tcp dport 22 accept

# output

# 1 packet at 2026-01-02T03:04:05Z, trust kernel, as in /var/log/kern.log:1
# danger 1 of 10: accepts one service for some addresses
add rule inet filter sl-output oifname "wan" ip saddr 203.0.113.1 ip daddr 192.0.2.53 udp dport 53 meta skuid 0 accept

# note: interface: the interface name "eth0*" cannot stand in a rule
#   1 packet at 2026-01-02T03:04:05Z, trust kernel, as in /var/log/kern.log:1

# note: verdict: the log prefix "a\nadd table inet x\x1b[2J\u202e" does not say whether the packet was dropped
#   1 packet at 2026-01-02T03:04:05Z, trust none (standard input), as in /tmp/\n-j ACCEPT:1
#   hint: if a rule of yours logs with it and drops: sl-parse --prefix='a=drop'
`
	got := string(AppendText(nil, rules, p.Notes()))
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	checkText(t, got, rules)
}

// A note of another stage cannot leave its comment either.
func TestTextOfNotes(t *testing.T) {
	n := record.Note{Kind: "k\r\n", Text: "t\x00\ncreate x", Hint: "h\u2028\\", Evidence: record.Evidence{Count: 2, First: "\n", Last: "\x9b"}}
	n.Evidence.Sample.File = "\xff\n"
	checkText(t, string(AppendText(nil, nil, []record.Note{n})), nil)
}
