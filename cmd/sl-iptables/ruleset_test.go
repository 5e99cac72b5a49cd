package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/netfilter/ruleset"
)

// savers load a ruleset and print it as the system's tools do, between markers.
var savers = map[string]string{
	"iptables-nft":    "COMMAND-nft-restore rules; echo SAVED; COMMAND-nft-save -c; echo SAVED; nft -j list ruleset; echo SAVED\n",
	"iptables-legacy": "COMMAND-legacy-restore rules; echo SAVED; COMMAND-legacy-save -c; echo SAVED; nft -j list ruleset; echo SAVED\n",
	"nft":             "nft -f rules; echo SAVED; nft -j list ruleset; echo SAVED; nft -j list ruleset; echo SAVED\n",
}

// What the rulesets of a ufw, a firewalld, a docker and one with maps are said to
// do with a packet is what the kernel does with it. They are read as the tools
// print them: nothing that is said to be sure is wrong, and most is said.
func TestRulesetAgreesWithKernel(t *testing.T) {
	needKernelLog(t)
	for _, test := range []struct {
		file, saver, command, chain string
		sure                        int // at least so many probes are decided
	}{
		{"ufw.v4", "iptables-nft", "iptables", input, 30},
		{"ufw.v4", "iptables-legacy", "iptables", input, 30},
		{"ufw.v6", "iptables-nft", "ip6tables", input, 30},
		{"ufw.v6", "iptables-legacy", "ip6tables", input, 30},
		{"docker.v4", "iptables-nft", "iptables", forward, 30},
		{"docker.v4", "iptables-legacy", "iptables", forward, 30},
		{"firewalld.nft", "nft", "", input, 30},
		{"firewalld.nft", "nft", "", forward, 30},
		{"vmap.nft", "nft", "", input, 40},
		{"vmap.nft", "nft", "", forward, 60},
	} {
		t.Run(test.file+" "+test.saver+" "+test.chain, func(t *testing.T) {
			rules, err := os.ReadFile("../../lib/netfilter/ruleset/testdata/" + test.file)
			if err != nil {
				t.Fatal(err)
			}
			script := strings.ReplaceAll(savers[test.saver], "COMMAND", test.command) + "send '" + probing(test.chain) + ":all'\n" + passed
			out := run(t, together+script, map[string][]byte{"rules": rules})
			parts := strings.Split(out, "SAVED\n")
			if len(parts) != 4 {
				t.Fatalf("nothing was saved:\n%s", out)
			}
			through := numbers(parts[3])
			for name, files := range map[string][]string{"saved": parts[1:2], "listed by nft": parts[2:3], "both": parts[1:3]} {
				if name == "listed by nft" && test.saver == "iptables-legacy" {
					continue // nft knows nothing of it
				}
				rs := new(ruleset.Ruleset)
				for _, f := range files {
					if err := rs.Add([]byte(f)); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				}
				sure := 0
				for _, p := range probes(test.chain) {
					if !rs.Covers(p.asks.Family) {
						continue
					}
					fate := rs.Fate(p.asks)
					accepted, dropped := has(fate.Accepted, p.asks.Src[0]), has(fate.Dropped, p.asks.Src[0])
					if (accepted || dropped) && accepted != through[p.id] {
						t.Errorf("%s: %s: said to be accepted %v, dropped %v; passed %v", name, p.name, accepted, dropped, through[p.id])
					}
					if accepted || dropped {
						sure++
					}
				}
				if t.Logf("%s: %d of %d are decided, %d of %d rules are not understood, such as %q", name, sure, len(probes(test.chain)), rs.Unclear, rs.Rules, rs.FirstUnclear); name != "listed by nft" && sure < test.sure {
					t.Errorf("%s: only %d are decided", name, sure)
				}
			}
		})
	}
}

// What was loaded is not proposed again, by whatever tool it is listed.
func TestOwnRulesArePresent(t *testing.T) {
	needKernelLog(t)
	bin := programs(t)
	var log []byte
	for _, port := range []int{22, 80, 443} {
		log = fmt.Appendf(log, "Nov 21 06:41:09 host kernel: [    1.0] in: IN=here OUT= SRC=192.0.2.%d DST=203.0.113.1 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=40000 DPT=%d WINDOW=64240 RES=0x00 SYN URGP=0 \n", port%200, port)
	}
	page := hooks(t)
	for _, test := range []struct{ syntax, page, list string }{
		{"nft", page[0], "nft -f page; echo SAVED; nft -j list ruleset"},
		{"iptables-restore", page[2], "iptables-nft-restore page; iptables-nft-restore --noflush sl; echo SAVED; iptables-nft-save"},
		{"iptables-restore", page[2], "iptables-legacy-restore page; iptables-legacy-restore --noflush sl; echo SAVED; iptables-legacy-save"},
	} {
		rules := chain(t, bin, log, "in: ", "-r", "--syntax", test.syntax)
		out := run(t, test.list, map[string][]byte{"sl": rules, "page": []byte(strings.ReplaceAll(test.page, "/etc/nftables.d/sl.nft", "./sl"))})
		_, saved, _ := strings.Cut(out, "SAVED\n")
		file := filepath.Join(t.TempDir(), "saved")
		if err := os.WriteFile(file, []byte(saved), 0o600); err != nil {
			t.Fatal(err)
		}
		again := chain(t, bin, log, "in: ", "--syntax", test.syntax, "--ruleset", file)
		if bytes.Contains(again, []byte(`"type":"rule"`)) || !bytes.Contains(again, []byte(`"kind":"present"`)) || bytes.Contains(again, []byte(`"kind":"ruleset"`)) {
			t.Errorf("%s: loaded, and proposed again:\n%s\n%s", test.list, saved, again)
		}
	}
}

func has(list []netip.Prefix, p netip.Prefix) bool {
	for _, l := range list {
		if l.Contains(p.Addr()) {
			return true
		}
	}
	return false
}
