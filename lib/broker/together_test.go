package broker

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// firewallRun puts rules of nft, without what all begin with, into a file and
// returns the rules that stand there then, and what was refused.
func firewallRun(t *testing.T, folder string, rules []string, decisions ...string) (standing []string, refused []error) {
	t.Helper()
	var text strings.Builder
	for _, d := range decisions {
		text.WriteString("allow add rule inet filter sl-" + d + "\n")
	}
	named, err := ParseDecisions("decisions", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, folder, func(o *Options) {
		firewallIn(netfilter.NFT)(o)
		o.Decisions = named
	})
	for _, r := range rules {
		err := b.AddRule(&record.Rule{Lang: record.Netfilter, Syntax: "nft", Text: "add rule inet filter sl-" + r, Evidence: record.Evidence{Trust: record.TrustKernel}})
		if err != nil {
			refused = append(refused, err)
		}
	}
	changes, more, err := b.Plan()
	if err == nil {
		err = b.Commit(changes, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(names(t, folder), "rules") {
		for line := range strings.Lines(content(t, folder, "rules")) {
			if r, ok := strings.CutPrefix(line, "add rule inet filter sl-"); ok && !strings.Contains(r, "saddr @sl-") {
				standing = append(standing, strings.TrimSuffix(r, "\n"))
			}
		}
	}
	return standing, append(refused, more...)
}

func everybodyInPieces() (rules []string) {
	for n := range 256 {
		rules = append(rules, fmt.Sprintf("input ip saddr %d.0.0.0/8 ip daddr { 198.18.%d.1, 203.0.113.0/24 } accept", n, n))
	}
	return rules
}

func TestFirewallGradedByTheWholeFile(t *testing.T) {
	honest := "input ip saddr 192.0.2.1 tcp dport 22 accept"
	for _, order := range []func([]string){func([]string) {}, slices.Reverse[[]string]} {
		rules := append(everybodyInPieces(), honest)
		order(rules)
		standing, refused := firewallRun(t, t.TempDir(), rules)
		if !slices.Equal(standing, []string{honest}) || len(refused) != 1 || !strings.Contains(refused[0].Error(), "256 rules together: danger 10: accepts everything from everybody") {
			t.Errorf("standing %.3q, refused %.3v", standing, refused)
		}
	}
}

// In the runs of a week nobody gets in who would not in one run.
func TestFirewallGradedOverSeveralRuns(t *testing.T) {
	folder := t.TempDir()
	total := 0
	for _, rule := range everybodyInPieces() {
		standing, refused := firewallRun(t, folder, []string{rule})
		total = len(standing)
		if len(refused) == 1 && !strings.Contains(refused[0].Error(), "1 rule with what the file holds: danger 10") {
			t.Fatal(refused)
		}
	}
	public := 0
	for _, r := range func() []string { s, _ := firewallRun(t, folder, nil); return s }() {
		p, err := netfilter.Parse(netfilter.NFT, "add rule inet filter sl-"+r)
		if err != nil {
			t.Fatal(err)
		}
		if first := p.Src[0].Addr().As4()[0]; first != 0 && first != 10 && first != 127 && first < 224 {
			public++
		}
	}
	if total == 0 || public > 1 {
		t.Errorf("%d rules stand, %d of them for the public", total, public)
	}
}

// A rule that is named is no reason to refuse others, whatever it is merged with.
func TestNamedFirewallRuleStandsWithOthers(t *testing.T) {
	folder := t.TempDir()
	ssh, web := "input meta nfproto ipv4 tcp dport 22 accept", "input meta nfproto ipv4 tcp dport 80 accept"
	standing, refused := firewallRun(t, folder, []string{ssh, web}, ssh)
	both := []string{"input meta nfproto ipv4 tcp dport { 22, 80 } accept"}
	if !slices.Equal(standing, both) || len(refused) != 0 {
		t.Errorf("standing %q, refused %v", standing, refused)
	}
	one := "input ip saddr 192.0.2.1 udp dport 53 accept"
	standing, refused = firewallRun(t, folder, []string{one})
	if !slices.Equal(standing, append([]string{both[0]}, one)) || len(refused) != 0 {
		t.Errorf("standing %q, refused %v", standing, refused)
	}
}

func TestNamedPiecesAreWritten(t *testing.T) {
	pieces := everybodyInPieces()
	standing, refused := firewallRun(t, t.TempDir(), pieces, pieces...)
	if len(standing) != len(pieces) || len(refused) != 0 {
		t.Errorf("%d stand, refused %.3v", len(standing), refused)
	}
}

func TestHostIsNotCutOffInPieces(t *testing.T) {
	pieces := []string{
		"input meta nfproto ipv4 meta l4proto 6 drop", "input meta nfproto ipv4 meta l4proto 17 drop",
		"input meta nfproto ipv4 meta l4proto 1 drop", "input meta nfproto ipv6 meta l4proto 58 drop",
		"input ip saddr 11.0.0.0/8 meta l4proto 6 drop", `input iifname "eth0" ip saddr 12.0.0.0/8 meta l4proto 6 reject`,
	}
	standing, refused := firewallRun(t, t.TempDir(), pieces)
	if len(standing) != 0 || len(refused) != 5 {
		t.Errorf("standing %q, refused %v", standing, refused)
	}
}

// What 0.1.0 wrote in pieces stays, is named once, and others are written with it.
func TestPiecesThatStandAreNamed(t *testing.T) {
	folder := t.TempDir()
	pieces := everybodyInPieces()
	firewallRun(t, folder, pieces, pieces...)
	for _, ssh := range []string{"", "input meta nfproto ipv4 tcp dport 22 accept"} {
		if ssh != "" {
			folder = t.TempDir()
			firewallRun(t, folder, []string{ssh}, ssh)
		}
		b := open(t, folder, firewallIn(netfilter.NFT))
		err := b.AddRule(&record.Rule{Lang: record.Netfilter, Syntax: "nft", Text: "add rule inet filter sl-input ip saddr 192.0.2.1 udp dport 9 accept", Evidence: record.Evidence{Trust: record.TrustKernel}})
		changes, refused, perr := b.Plan()
		if err != nil || perr != nil || len(changes) != 1 || len(refused) != 0 {
			t.Fatalf("%v, %v, %d changes, refused %v", err, perr, len(changes), refused)
		}
		hints := b.Hints()
		if len(hints) != 1 || !strings.Contains(hints[0], "1 rule of an earlier run") || strings.Contains(hints[0], "together with 255") != (ssh == "") {
			t.Errorf("hints %q", hints)
		}
	}
}

// The head of our part empties our chains: what somebody refuses there would get in.
func TestRulesByHandAreNotEmptied(t *testing.T) {
	for syntax, hand := range map[netfilter.Syntax]string{
		netfilter.NFT:     "table inet filter {\n\tchain sl-input {\n\t\tip saddr 198.51.100.7 drop\n\t}\n}\n",
		netfilter.Restore: "*filter\n:SL-INPUT - [0:0]\n-A SL-INPUT -s 198.51.100.7 -j DROP\nCOMMIT\n",
	} {
		folder := t.TempDir()
		write(t, folder, "rules", hand)
		b := open(t, folder, firewallIn(syntax))
		text, err := netfilter.Rule{Family: netfilter.IP, Chain: netfilter.Input, Src: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}, Proto: netfilter.TCP, Ports: []netfilter.PortRange{netfilter.Port(22)}, Verdict: netfilter.Accept}.Text(syntax)
		if err == nil {
			err = b.AddRule(&record.Rule{Lang: record.Netfilter, Syntax: string(syntax), Text: text, Evidence: record.Evidence{Trust: record.TrustKernel}})
		}
		if err != nil {
			t.Fatal(err)
		}
		changes, refused, err := b.Plan()
		if err != nil || len(changes) != 0 || len(refused) != 1 || !strings.Contains(refused[0].Error(), "rules:3: written by hand") {
			t.Errorf("%s: %d changes, %v, %v", syntax, len(changes), refused, err)
		}
	}
}
