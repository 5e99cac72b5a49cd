package propose

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// drawPacket draws an event of any packet that can be dropped, mostly such as
// become a rule.
func drawPacket(t *rapid.T) *record.Event {
	ev := &record.Event{Kind: record.Netfilter, Trust: record.TrustKernel, Count: 1, Time: "2026-01-02T03:04:05Z", File: "kern.log", Line: 1}
	f := &ev.Fields
	f[record.FVerdict] = rapid.SampledFrom([]string{"drop", "drop", "drop", "reject", "unknown"}).Draw(t, "verdict")
	f[record.FPrefix] = rapid.SampledFrom([]string{"x: ", "\"; flush ruleset\n", "\xff\x1b[2J"}).Draw(t, "prefix")
	names := rapid.SampledFrom([]string{"eth0", "eth0", "br-1a2b", "wan.7", "a@b", "123456789012345", "eth0+", "$(id)"})
	way := rapid.IntRange(0, 3).Draw(t, "way")
	if way != 1 {
		f[record.FIn] = names.Draw(t, "in")
	}
	if way == 1 || way == 2 {
		f[record.FOut] = names.Draw(t, "out")
	}
	if way == 1 && os.Geteuid() == 0 && rapid.Bool().Draw(t, "owned") { // xt_owner takes no user in a user namespace
		f[record.FUID] = rapid.SampledFrom([]string{"0", "1000", "65534", "4294967294"}).Draw(t, "uid")
	}
	v6 := rapid.IntRange(0, 2).Draw(t, "family") == 0
	f[record.FSrc], f[record.FDst] = drawAddress(t, v6), drawAddress(t, v6)
	f[record.FProto] = rapid.SampledFrom([]string{"TCP", "TCP", "TCP", "UDP", "UDPLITE", "ICMP", "ICMPv6", "ESP", "AH", ""}).Draw(t, "protocol")
	if f[record.FProto] == "" {
		f[record.FProto] = strconv.Itoa(rapid.IntRange(0, 255).Draw(t, "number"))
	}
	switch f[record.FProto] {
	case "TCP", "UDP", "UDPLITE":
		f[record.FSpt] = "40000"
		f[record.FDpt] = rapid.OneOf(rapid.SampledFrom([]string{"0", "22", "23", "24", "65535"}), rapid.Map(rapid.Uint16(), func(n uint16) string { return strconv.Itoa(int(n)) })).Draw(t, "dpt")
		f[record.FFlags] = rapid.SampledFrom([]string{"SYN", "SYN", "SYN", "CWR ECE SYN", "ACK"}).Draw(t, "flags")
	case "ICMP", "ICMPv6":
		f[record.FIcmpType] = rapid.SampledFrom([]string{"8", "13", "128", "135", "3", "200"}).Draw(t, "type")
		f[record.FIcmpCode] = rapid.SampledFrom([]string{"0", "0", "7"}).Draw(t, "code")
	}
	return ev
}

// drawAddress draws addresses of which many are neighbours.
func drawAddress(t *rapid.T, v6 bool) string {
	b := [16]byte{0x20, 0x01, 0x0d, 0xb8, 15: rapid.ByteRange(1, 40).Draw(t, "host")}
	far := rapid.IntRange(0, 9).Draw(t, "far") == 0
	switch {
	case v6 && far:
		return netip.AddrFrom16([16]byte{0x26, 1: rapid.Byte().Draw(t, "net"), 10: 0xff, 11: 0xff, 15: b[15]}).String()
	case v6:
		return netip.AddrFrom16(b).String()
	case far:
		return netip.AddrFrom4([4]byte{rapid.ByteRange(1, 223).Draw(t, "net"), rapid.Byte().Draw(t, "net"), 0, b[15]}).String()
	}
	return netip.AddrFrom4([4]byte{192, 0, 2, b[15]}).String()
}

// inNamespace runs a script for bash as root of a network namespace of its own.
func inNamespace(t *testing.T, script string, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"--net", "sh", "-euc", script}
	if os.Geteuid() != 0 {
		args = append([]string{"--user", "--map-root-user"}, args...)
	}
	cmd := exec.Command("unshare", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "XTABLES_LOCKFILE="+filepath.Join(dir, "lock"), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v\n%s", script, err, out)
	}
	return string(out)
}

// meaning is rules in their fewest parts: the same for lists that match the same
// packets. It is not written as a notation would, which is what is tested.
func meaning(rules []netfilter.Rule) []string {
	var out []string
	for _, r := range netfilter.Merge(rules) {
		out = append(out, fmt.Sprintf("%+v", r))
	}
	return out
}

// Whatever events come, the file that people are shown loads, twice, and what the
// tools list then is what the rules mean, to the last packet: in each notation and
// both modes.
func TestWhatEventsBecomeLoads(t *testing.T) {
	each := func(load, list string) string {
		return "for f in f*; do " + load + "; " + load + "; echo \"LISTED $f\"; " + list + "; done"
	}
	iptables := func(load string) string {
		return strings.ReplaceAll(load, "LOAD", `iptablesKIND-restore --noflush "$f"; ip6tablesKIND-restore --noflush "$f"`)
	}
	for _, test := range []struct {
		name   string
		syntax netfilter.Syntax
		tools  []string
		probe  string
		script string
		read   func(string) ([]netfilter.Rule, error)
	}{
		{"nft", netfilter.NFT, []string{"nft"}, "nft list ruleset", each(`nft -f "$f"`, "nft -j -nn list ruleset"), fromNFT},
		{"iptables-nft", netfilter.Restore, []string{"iptables-nft-restore"}, "iptables-nft-save -t filter", strings.ReplaceAll(each(iptables("LOAD"), "iptablesKIND-save -t filter; ip6tablesKIND-save -t filter"), "KIND", "-nft"), fromSave},
		{"iptables-legacy", netfilter.Restore, []string{"iptables-legacy-restore"}, "iptables-legacy-save -t filter", strings.ReplaceAll(each(iptables("LOAD"), "iptablesKIND-save -t filter; ip6tablesKIND-save -t filter"), "KIND", "-legacy"), fromSave},
		{"commands", netfilter.IPTables, []string{"iptables"}, "iptables -S", each(`sh -e "$f"`, "iptables-save -t filter; ip6tables-save -t filter"), fromSave},
		{"ipset", netfilter.IPSet, []string{"ipset"}, "ipset list -name", each(`ipset restore <"$f"`, "ipset save"), fromIPSet},
	} {
		t.Run(test.name, func(t *testing.T) {
			batches := 40
			if test.syntax == netfilter.IPTables {
				batches = 8 // a process for each rule
			}
			for _, tool := range append(test.tools, "unshare") {
				if _, err := exec.LookPath(tool); err != nil {
					t.Skipf("NOT TESTED: %s is not installed", tool)
				}
			}
			if err := exec.Command("unshare", "--user", "--map-root-user", "--net", "true").Run(); err != nil && os.Geteuid() != 0 {
				t.Skip("NOT TESTED: no namespace can be made: ", err)
			}
			files, want := map[string][]byte{}, map[string][]string{}
			for i := range batches {
				file, meant := rapid.Custom(func(t *rapid.T) batch { return drawBatch(t, test.syntax) }).Example(i).texts(t)
				if len(meant) > 0 { // else there is nothing to load, and what is there stays
					name := fmt.Sprintf("f%02d", i)
					files[name], want[name] = file, meant
				}
			}
			out := inNamespace(t, test.script, files)
			compared := 0
			for part := range strings.SplitSeq(out, "LISTED ") {
				name, listing, ok := strings.Cut(part, "\n")
				if !ok || files[name] == nil {
					continue
				}
				rules, err := test.read(listing)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want[name], meaning(rules)); d != "" {
					t.Errorf("%s:\n%s\n%s\n%s", name, d, files[name], listing)
				}
				compared += len(rules)
			}
			if t.Logf("%d rules in %d files", compared, len(files)); len(files) < batches/2 || compared < 3*batches {
				t.Errorf("only %d rules in %d files were compared", compared, len(files))
			}
		})
	}
}

// batch is events and what is asked of them.
type batch struct {
	opts   Options
	events []*record.Event
}

func drawBatch(t *rapid.T, syntax netfilter.Syntax) batch {
	o := Options{
		Syntax: syntax, Widen4: 26, Widen6: 120,
		Sources: rapid.SampledFrom([]Sources{Exact, Exact, Net, Any}).Draw(t, "sources"),
	}
	if syntax == netfilter.IPSet || rapid.Bool().Draw(t, "block") {
		o.Mode, o.Sources, o.Spoofable = Block, "", rapid.Bool().Draw(t, "spoofable")
		o.MinHits = rapid.IntRange(1, 2).Draw(t, "hits")
		o.Never = []netip.Prefix{netip.MustParsePrefix("192.0.2.16/30")}
		if syntax == netfilter.NFT || syntax == netfilter.IPSet {
			o.Expire = rapid.SampledFrom([]time.Duration{0, 1000 * time.Second}).Draw(t, "expire")
		}
	}
	return batch{o, rapid.SliceOfN(rapid.Custom(drawPacket), 20, 100).Draw(t, "events")}
}

// texts are the file that people are shown, and the meaning of its rules.
func (b batch) texts(t *testing.T) (file []byte, meant []string) {
	t.Helper()
	p := newProposer(t, b.opts)
	for _, ev := range b.events {
		if err := p.AddEvent(ev); err != nil {
			t.Fatal(err)
		}
	}
	made, err := p.Rules()
	if err != nil {
		t.Fatal(err)
	}
	var rules []netfilter.Rule
	for _, s := range p.settle().rules {
		rules = append(rules, s.rule)
	}
	return AppendText(nil, made, p.Notes()), meaning(rules)
}
