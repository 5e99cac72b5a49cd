package main

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/netfilter"
)

// hooks are the blocks of the page that show how a firewall jumps to our chains,
// as a reader sees them: that of nft, the one beside another firewall, that of
// iptables, and that of ipset.
func hooks(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile("../../man/sl-iptables.1")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), ".Ss The rules and the firewall")
	var out []string
	for part := range strings.SplitSeq(section, ".Bd -unfilled -offset indent\n") {
		if block, _, ok := strings.Cut(part, ".Ed\n"); ok && (strings.Contains(block, "jump sl-input") || strings.Contains(block, "-j SL-INPUT") || strings.Contains(block, "--match-set sl-input")) {
			out = append(out, block)
		}
	}
	if len(out) != 4 {
		t.Fatalf("%d blocks of the page show a jump: %q", len(out), out)
	}
	return out
}

// fromPeer is a rule for all that the peer sends.
func fromPeer(verdict netfilter.Verdict) netfilter.Rule {
	return netfilter.Rule{Family: netfilter.IP, Chain: netfilter.Input, Src: []netip.Prefix{netip.PrefixFrom(peer.four, 32)}, Verdict: verdict}
}

// With what the page says in the configuration of a firewall the rules are in
// force, and beside another firewall those that block are, but not those that
// allow.
func TestHooksOfThePage(t *testing.T) {
	needKernelLog(t)
	blocks := hooks(t)
	const config = `/etc/nftables.d/sl.nft`
	allow := fromPeer(netfilter.Accept)
	allow.Proto, allow.Ports = netfilter.TCP, []netfilter.PortRange{netfilter.Port(9000)}
	block := fromPeer(netfilter.Drop)
	firewalld, err := os.ReadFile("../../lib/netfilter/ruleset/testdata/firewalld.nft")
	if err != nil {
		t.Fatal(err)
	}
	mine, _, _ := strings.Cut(string(firewalld), "table inet filter")
	const iptables = `
for x in '' 6; do ip${x}tables-KIND-restore page; ip${x}tables-KIND -P INPUT DROP; ip${x}tables-KIND-restore --noflush sl; done
`
	const to22, to9000 = "10.66.0.1 to tcp 22 by there", "10.66.0.1 to tcp 9000 by there"
	const other22 = "10.66.0.3 to tcp 22 by there"
	const all6 = "fd66::1 to tcp 22 by there"
	for _, test := range []struct {
		name   string
		syntax netfilter.Syntax
		rule   netfilter.Rule
		page   string
		load   string
		passes map[string]bool
	}{
		{"nft", netfilter.NFT, allow, blocks[0], "nft -f page", map[string]bool{to9000: true, to22: false, other22: false}},
		{"nft, loaded again", netfilter.NFT, allow, blocks[0], "nft -f page; nft -f sl; nft -f sl", map[string]bool{to9000: true, to22: false}},
		{"nft, taken out of force", netfilter.NFT, allow, blocks[0], "nft -f page; nft flush chain inet filter sl-input", map[string]bool{to9000: false, to22: false}},
		{"nft, blocking beside firewalld", netfilter.NFT, block, mine + "include \"./sl\"\n" + blocks[1], "nft -f page", map[string]bool{to22: false, "10.66.0.1 to tcp 80 by there": false, all6: true}},
		{"nft, nothing blocked beside firewalld", netfilter.NFT, allow, mine + "include \"./sl\"\n" + blocks[1], "nft -f page", map[string]bool{to22: true, to9000: false, all6: true}},
		{"iptables-nft", netfilter.Restore, allow, blocks[2], strings.ReplaceAll(iptables, "KIND", "nft"), map[string]bool{to9000: true, to22: false, all6: false}},
		{"iptables-legacy", netfilter.Restore, allow, blocks[2], strings.ReplaceAll(iptables, "KIND", "legacy"), map[string]bool{to9000: true, to22: false, all6: false}},
		{"ipset", netfilter.IPSet, block, blocks[3], "ipset restore <sl; sh -e page", map[string]bool{to22: false, other22: true, all6: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, err := netfilter.AppendFile(nil, test.syntax, []netfilter.Rule{test.rule})
			if err != nil {
				t.Fatal(err)
			}
			out := run(t, test.load+"\ncount\nsend '"+probing(input)+":all'\n"+passed, map[string][]byte{
				"sl": file, "page": []byte(strings.ReplaceAll(test.page, config, "./sl")),
			})
			through := numbers(out)
			met := 0
			for _, p := range probes(input) {
				if want, ok := test.passes[p.name]; ok {
					if met++; through[p.id] != want {
						t.Errorf("%s: passed %v", p.name, through[p.id])
					}
				}
			}
			if met != len(test.passes) {
				t.Errorf("%d of %d probes were sent", met, len(test.passes))
			}
		})
	}
}
