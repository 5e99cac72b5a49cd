package propose

import (
	"slices"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// FuzzAddEvent takes events with any bytes in any field. Whatever comes out is a
// rule of the language, and text that cannot leave its line.
func FuzzAddEvent(f *testing.F) {
	f.Add("eth0", "", "192.0.2.1", "203.0.113.1", "TCP", "1", "22", "SYN", "drop", "x: ", "", "INPUT")
	f.Add("", "wan", "2001:db8::1", "2001:db8::2", "ICMPv6", "128", "0", "", "reject", "", "1000", "")
	f.Add("eth0+", "$(id)", "::ffff:1.2.3.4", "::1", "132", "", "", "", "unknown", "\x1b]0;\a\n", "-1", "output")
	f.Fuzz(func(t *testing.T, in, out, src, dst, proto, a, b, flags, verdict, prefix, uid, chain string) {
		ev := &record.Event{Kind: record.Netfilter, Count: 1, File: prefix, Time: uid, Reason: flags}
		fields := map[record.Field]string{
			record.FIn: in, record.FOut: out, record.FSrc: src, record.FDst: dst, record.FProto: proto,
			record.FFlags: flags, record.FVerdict: verdict, record.FPrefix: prefix, record.FUID: uid, record.FChain: chain,
		}
		if strings.HasPrefix(proto, "ICMP") {
			fields[record.FIcmpType], fields[record.FIcmpCode] = a, b
		} else {
			fields[record.FSpt], fields[record.FDpt] = a, b
		}
		for k, v := range fields {
			ev.Fields[k] = v
		}
		for _, opts := range []Options{{}, {Sources: Any, Syntax: netfilter.Restore}, {Mode: Block, MinHits: 1, Spoofable: true}} {
			p := newProposer(t, opts)
			if err := p.AddEvent(ev); err != nil {
				if len(err.Error()) > 500 {
					t.Errorf("an error of %d bytes", len(err.Error()))
				}
				continue
			}
			rules, err := p.Rules()
			if err != nil {
				t.Fatal(err)
			}
			notes := slices.DeleteFunc(p.Notes(), func(n record.Note) bool { return n.Kind == "unproven" }) // it goes with a rule
			if len(rules)+len(notes)+int(p.Skipped()) != 1 {
				t.Errorf("%d rules, %d notes, %d skipped from one event", len(rules), len(notes), p.Skipped())
			}
			for _, r := range rules {
				if _, err := netfilter.Parse(netfilter.Syntax(r.Syntax), r.Text); err != nil {
					t.Errorf("%q: %v", r.Text, err)
				}
			}
			checkText(t, string(AppendText(nil, rules, notes)), rules)
		}
	})
}

// FuzzAddRule takes any text for a rule. What is taken comes out again.
func FuzzAddRule(f *testing.F) {
	f.Add("nft", "add rule inet filter sl-input ip saddr 192.0.2.1 tcp dport { 22, 80 } accept", "sources=net", "a", uint64(1))
	f.Add("iptables-restore", "-4 -A SL-INPUT -p icmp -m icmp --icmp-type 8/0 -j ACCEPT", "", "\n", uint64(0))
	f.Add("ipset", "add sl-input-ip 192.0.2.1", "\x00", strings.Repeat("x", 2000), uint64(1<<63))
	f.Fuzz(func(t *testing.T, syntax, text, made, file string, count uint64) {
		rule := &record.Rule{Lang: record.Netfilter, Syntax: syntax, Text: text, Made: []string{made}}
		rule.Evidence = record.Evidence{Count: count, Sample: record.Sample{File: file}}
		p := newProposer(t, Options{Syntax: netfilter.NFT})
		if p.AddRule(rule) != nil {
			return
		}
		if count == 0 {
			t.Fatal("a rule without evidence")
		}
		rules, err := p.Rules()
		if err != nil || len(rules) != 1 {
			t.Fatalf("%d rules: %v", len(rules), err)
		}
		want, _ := netfilter.Parse(netfilter.Syntax(syntax), text)
		if again, _ := want.Text(netfilter.NFT); rules[0].Text != again {
			t.Errorf("%q became %q", again, rules[0].Text)
		}
		checkText(t, string(AppendText(nil, rules, p.Notes())), rules)
	})
}

// checkText checks that text is printable and that, comments taken off, it is the
// frame and the rules.
func checkText(t *testing.T, text string, rules []record.Rule) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && (r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069) {
			t.Fatalf("%q in %q", r, text)
		}
	}
	want := ""
	if len(rules) > 0 {
		before, after := netfilter.Frame(netfilter.Syntax(rules[0].Syntax))
		want = before
		for _, r := range rules {
			want += r.Text + "\n"
		}
		want += after
	}
	if got := withoutComments(text); got != want {
		t.Fatalf("loads\n%s\nnot\n%s", got, want)
	}
}

func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" && !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}
