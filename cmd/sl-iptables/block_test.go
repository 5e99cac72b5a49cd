package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

// A source that scanned is out, in the chain where it did; the others are not.
func TestBlockFromPackets(t *testing.T) {
	needKernelLog(t)
	bin := programs(t)
	jump := func(backend string) string {
		return strings.ReplaceAll(`
for x in '' 6; do ip${x}tables-KIND -N SL-CHAIN; ip${x}tables-KIND -A CHAIN -j SL-CHAIN; done
iptables-KIND-restore --noflush f; ip6tables-KIND-restore --noflush f
`, "KIND", backend)
	}
	nft := `nft -f f; nft 'table inet filter { chain HOOK { type filter hook HOOK priority 0; policy accept; jump sl-HOOK; }; }'
`
	for _, path := range []string{input, forward} {
		prefix := fmt.Sprintf("sl%d scan %s: ", os.Getpid(), path)
		log := dropped(t, path, prefix)
		for _, test := range []struct {
			name string
			args []string
			load string
			want string // in the file
		}{
			{"nft", nil, nft, "ip saddr 10.66.0.1 drop\n"},
			{"nft for an hour", []string{"--expire", "1h"}, nft, "{ 10.66.0.1 timeout 3600s }"},
			{"within a time", []string{"--within", "10m"}, nft, "ip saddr 10.66.0.1 drop\n"},
			{"iptables-nft", []string{"--syntax", "iptables-restore"}, jump("nft"), "-s 10.66.0.1/32 -j DROP\n"},
			{"iptables-legacy", []string{"--syntax", "iptables-restore"}, jump("legacy"), "-s 10.66.0.1/32 -j DROP\n"},
			{"commands", []string{"--syntax", "iptables"}, "sh -e f; iptables -A CHAIN -j SL-CHAIN\n", "-s 10.66.0.1/32 -j DROP\n"},
			{"ipset", []string{"--syntax", "ipset", "--expire", "1h"}, "ipset restore <f; iptables -A CHAIN -m set --match-set sl-HOOK-ip src -j DROP\n", " 10.66.0.1 timeout 3600\n"},
		} {
			t.Run(path+" "+test.name, func(t *testing.T) {
				rules := chain(t, bin, log, prefix, append([]string{"-r", "--block", "--min-ports", "6"}, test.args...)...)
				load := strings.NewReplacer("HOOK", hookOf(path), "CHAIN", strings.ToUpper(hookOf(path))).Replace(test.load)
				out := run(t, together+load+"send "+path+":all\n"+passed, map[string][]byte{"f": rules})
				compare(t, frames(path), out, string(rules), func(f frame) bool {
					return (f.packets[0][0]>>4 == 6 || !bytes.Equal(f.packets[0][12:16], peer.four.AsSlice()))
				})
				if !bytes.Contains(rules, []byte(test.want)) || bytes.Count(rules, []byte("10.66.0.")) != 1 {
					t.Errorf("not one source, or not as it should be:\n%s", rules)
				}
			})
		}
	}
}
