package ruleset

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/addrs"
)

// host is testdata/host.nft, as nft -j lists it.
func host(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/host.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestFateOfNFT(t *testing.T) {
	rs := read(t, string(host(t)))
	for _, test := range []struct{ asked, want string }{
		{"-4 -A SL-INPUT -s 192.0.2.0/28 -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT", "accepted 192.0.2.0/29; dropped 192.0.2.8/29"},
		{"-4 -A SL-INPUT -s 198.51.100.8/31 -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT", "accepted 198.51.100.9/32; dropped 198.51.100.8/32; unreached 198.51.100.8/32"},
		{"-4 -A SL-INPUT -s 203.0.113.5/32,203.0.113.8/29 -i eth0 -p tcp -m multiport --dports 25,8001:8002 -j ACCEPT", "accepted 203.0.113.5/32,203.0.113.8/30; dropped 203.0.113.12/30"},
		{"-4 -A SL-INPUT -s 203.0.113.66/32 -i eth0 -p tcp -m tcp --dport 25 -j ACCEPT", "dropped 203.0.113.66/32; unreached 203.0.113.66/32"},
		{"-4 -A SL-INPUT -s 10.0.0.0/8 -i lo -p tcp -m tcp --dport 25 -j ACCEPT", "accepted 10.0.0.0/8"},
		// the dynamic set may drop it, and does not drop IPv6
		{"-4 -A SL-INPUT -s 10.0.0.0/8 -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT", ""},
		{"-6 -A SL-INPUT -s 2001:db8::/64 -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT", "accepted 2001:db8::/64"},
		{"-6 -A SL-INPUT -s 2001:db8::/64 -i eth0 -p tcp -m tcp --dport 81 -j ACCEPT", "dropped 2001:db8::/64"},
		{"-6 -A SL-INPUT -s 2001:db8::/64 -i eth0 -p tcp -m tcp --dport 443 -j ACCEPT", "dropped 2001:db8::/64"},
		{"-6 -A SL-INPUT -s 2001:db8::/64 -i eth0 -p tcp -m tcp --dport 993 -j ACCEPT", "accepted 2001:db8::/64"},
		{"-4 -A SL-INPUT -s 10.0.0.0/8 -i eth0 -p icmp -m icmp --icmp-type 8/0 -j ACCEPT", "accepted 10.0.0.0/8"},
		{"-6 -A SL-INPUT -s fe80::1/128 -i eth0 -p ipv6-icmp -m icmp6 --icmpv6-type 135/0 -j ACCEPT", ""},
		{"-4 -A SL-OUTPUT -d 192.0.2.0/23 -o eth0 -p udp -m udp --dport 53 -m owner --uid-owner 1001 -j ACCEPT", "accepted 192.0.3.0/24; dropped 192.0.2.0/24"},
		{"-4 -A SL-OUTPUT -d 192.0.2.0/23 -o eth0 -p udp -m udp --dport 53 -m owner --uid-owner 0 -j ACCEPT", "accepted 192.0.2.0/23"},
		{"-4 -A SL-FORWARD -d 192.0.2.0/23 -o eth0 -p udp -m udp --dport 53 -j ACCEPT", ""},
	} {
		if got := words(rs.Fate(asked(t, test.asked))); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.asked, got, test.want)
		}
	}
	f := rs.Fate(asked(t, "-4 -A SL-INPUT -s 203.0.113.66/32 -i eth0 -p tcp -m tcp --dport 25 -j ACCEPT"))
	if !f.Jumped || !strings.Contains(f.By, "inet filter input") {
		t.Errorf("jumped %v, by %q", f.Jumped, f.By)
	}
}

// What nft lists today is read like what it listed when testdata was made.
func TestListingOfNFT(t *testing.T) {
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("nft is not installed: nothing to hold the recorded listing against")
	}
	if os.Geteuid() != 0 {
		t.Skip("not root: no ruleset can be loaded in a network namespace")
	}
	out, err := exec.Command("unshare", "--net", "sh", "-euc", "nft -f testdata/host.nft; nft -j list ruleset").CombinedOutput()
	if err != nil {
		t.Skipf("no network namespace, or nft refuses the rules: %v: %s", err, out)
	}
	now, then := read(t, string(out)), read(t, string(host(t)))
	r := asked(t, "-4 -A SL-INPUT -s 0.0.0.0/1 -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT")
	if d := cmp.Diff(words(then.Fate(r)), words(now.Fate(r))); d != "" || now.Rules != then.Rules || now.Unclear != then.Unclear {
		t.Errorf("%d rules, %d unclear; recorded %d, %d\n%s", now.Rules, now.Unclear, then.Rules, then.Unclear, d)
	}
}

// Conditions on several fields at once, maps of verdicts, and what the routing
// table says, as nft lists them.
func TestFateOfMaps(t *testing.T) {
	const list = `{"nftables": [
		{"set": {"family": "inet", "table": "t", "name": "services", "type": ["inet_proto", "inet_service"], "elem": [{"concat": ["tcp", 22]}, {"concat": ["udp", 53]}]}},
		{"map": {"family": "inet", "table": "t", "name": "zones", "type": "ifname", "map": "verdict", "elem": [["eth0", {"jump": {"target": "wan"}}], ["eth1", {"accept": null}]]}},
		{"chain": {"family": "inet", "table": "t", "name": "input", "hook": "input", "prio": 0, "policy": "drop"}},
		{"chain": {"family": "inet", "table": "t", "name": "wan"}},
		{"rule": {"family": "inet", "table": "t", "chain": "input", "handle": 1, "expr": [{"match": {"op": "==", "left": {"fib": {"result": "type", "flags": ["daddr"]}}, "right": {"set": ["broadcast", "multicast"]}}}, {"drop": null}]}},
		{"rule": {"family": "inet", "table": "t", "chain": "input", "handle": 2, "expr": [{"match": {"op": "==", "left": {"ct": {"key": "status"}}, "right": "dnat"}}, {"accept": null}]}},
		{"rule": {"family": "inet", "table": "t", "chain": "input", "handle": 3, "expr": [{"vmap": {"key": {"meta": {"key": "iifname"}}, "data": "@zones"}}]}},
		{"rule": {"family": "inet", "table": "t", "chain": "wan", "handle": 4, "expr": [{"match": {"op": "==", "left": {"concat": [{"meta": {"key": "l4proto"}}, {"payload": {"protocol": "th", "field": "dport"}}]}, "right": "@services"}}, {"accept": null}]}},
		{"rule": {"family": "inet", "table": "t", "chain": "wan", "handle": 5, "expr": [{"vmap": {"key": {"concat": [{"payload": {"protocol": "ip", "field": "saddr"}}, {"payload": {"protocol": "tcp", "field": "dport"}}]}, "data": {"set": [[{"concat": [{"prefix": {"addr": "192.0.2.4", "len": 31}}, 80]}, {"accept": null}]]}}}]}},
		{"rule": {"family": "inet", "table": "t", "chain": "wan", "handle": 6, "expr": [{"match": {"op": "!=", "left": {"concat": [{"payload": {"protocol": "ip", "field": "saddr"}}, {"payload": {"protocol": "tcp", "field": "dport"}}]}, "right": {"concat": ["192.0.2.1", 99]}}}, {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 99}}, {"accept": null}]}}
	]}`
	rs := read(t, list)
	for text, want := range map[string]string{
		"-4 -A SL-INPUT -s 192.0.2.4/31 -d 203.0.113.1/32 -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT": "accepted 192.0.2.4/31",
		"-4 -A SL-INPUT -s 192.0.2.4/31 -d 203.0.113.1/32 -i eth0 -p udp -m udp --dport 53 -j ACCEPT": "accepted 192.0.2.4/31",
		"-4 -A SL-INPUT -s 192.0.2.4/31 -d 203.0.113.1/32 -i eth0 -p udp -m udp --dport 22 -j ACCEPT": "dropped 192.0.2.4/31",
		"-4 -A SL-INPUT -s 192.0.2.4/30 -d 203.0.113.1/32 -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT": "accepted 192.0.2.4/31; dropped 192.0.2.6/31",
		"-4 -A SL-INPUT -s 192.0.2.4/31 -d 203.0.113.1/32 -i eth0 -p tcp -m tcp --dport 99 -j ACCEPT": "", // not understood
		"-4 -A SL-INPUT -s 192.0.2.4/31 -d 203.0.113.1/32 -i eth1 -p tcp -m tcp --dport 99 -j ACCEPT": "accepted 192.0.2.4/31",
		"-4 -A SL-INPUT -s 192.0.2.4/31 -d 203.0.113.1/32 -i eth2 -p tcp -m tcp --dport 22 -j ACCEPT": "dropped 192.0.2.4/31",
		"-4 -A SL-INPUT -s 192.0.2.4/31 -i eth1 -p tcp -m tcp --dport 99 -j ACCEPT":                   "", // for a group, too
	} {
		if got := words(rs.Fate(asked(t, text))); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if rs.Rules != 6 || rs.Unclear != 1 {
		t.Errorf("%d rules, %d unclear: %s", rs.Rules, rs.Unclear, rs.FirstUnclear)
	}
}

// What changes a set, or the packet, makes nothing sure: however nft says it, which
// has written a single flag as a list and as a word, and left "dynamic" out.
func TestFateOfWhatChanges(t *testing.T) {
	const fromSet = `{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@s"}}, {"accept": null}`
	const fill = `{"set": {"op": "add", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@s"}}, {"return": null}`
	const to22 = `{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}`
	mangle := func(field string) string {
		return `{"mangle": {"key": {"payload": {"protocol": "ip", "field": "` + field + `"}}, "value": "10.0.0.1"}}`
	}
	local := func(flags string) string {
		return `{"match": {"op": "==", "left": {"fib": {"result": "type", "flags": ` + flags + `}}, "right": "local"}}, {"accept": null}`
	}
	const plain, accepted, dropped = `"192.0.2.4", "192.0.2.5"`, "accepted 192.0.2.4/31", "dropped 192.0.2.4/31"
	for _, test := range []struct {
		name, table, flags, elements string
		rules                        []string
		want                         string
	}{
		{"a fixed set", `[]`, `["interval"]`, plain, []string{fromSet}, accepted},
		{"the same, a flag alone", `[]`, `"interval"`, plain, []string{fromSet}, accepted},
		{"dynamic", `[]`, `["dynamic"]`, plain, []string{fromSet}, ""},
		{"dynamic alone", `[]`, `"dynamic"`, plain, []string{fromSet}, ""},
		{"with a time", `[]`, `["interval", "timeout"]`, plain, []string{fromSet}, ""},
		{"with a time alone", `[]`, `"timeout"`, plain, []string{fromSet}, ""},
		{"filled by a rule before", `[]`, `[]`, plain, []string{fill, fromSet}, ""},
		{"filled by a rule behind", `[]`, `[]`, plain, []string{fromSet, fill}, ""},
		{"counted", `[]`, `[]`, `{"elem": {"val": "192.0.2.4", "counter": {"packets": 1}}}, {"elem": {"val": "192.0.2.5", "comment": "x"}}`, []string{fromSet}, accepted},
		{"limited", `[]`, `[]`, `{"elem": {"val": "192.0.2.4", "limit": {"rate": 1}}}, "192.0.2.5"`, []string{fromSet}, ""},
		{"another address from here", `[]`, `[]`, plain, []string{mangle("daddr"), to22 + `, {"accept": null}`}, ""},
		{"another class of service from here", `[]`, `[]`, plain, []string{mangle("dscp"), to22 + `, {"accept": null}`}, accepted},
		{"local", `[]`, `[]`, plain, []string{local(`["daddr"]`)}, accepted},
		{"local, a flag alone", `[]`, `[]`, plain, []string{local(`"daddr"`)}, accepted},
		{"a table that drops", `[]`, `[]`, plain, nil, dropped},
		{"a table that is not asked", `["dormant"]`, `[]`, plain, nil, accepted},
		{"the same, as a word", `"dormant"`, `[]`, plain, nil, accepted},
		{"the same, as nft 1.0.6 has it", `"dorm"`, `[]`, plain, nil, accepted},
	} {
		list := `{"nftables": [{"table": {"family": "inet", "name": "t", "flags": ` + test.table + `}},
			{"chain": {"family": "inet", "table": "t", "name": "input", "hook": "input", "prio": 0, "policy": "drop"}},
			{"set": {"family": "inet", "table": "t", "name": "s", "type": "ipv4_addr", "flags": ` + test.flags + `, "elem": [` + test.elements + `]}}`
		for _, r := range test.rules {
			list += `, {"rule": {"family": "inet", "table": "t", "chain": "input", "expr": [` + r + `]}}`
		}
		list += `, {"chain": {"family": "inet", "table": "u", "name": "input", "hook": "input", "prio": 5, "policy": "accept"}}]}`
		if got := words(read(t, list).Fate(asked(t, ssh))); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// The sets of our own files are known: who is not in them is not dropped by them, and
// who is may be there no more.
func TestFateOfOwnSets(t *testing.T) {
	for elements, want := range map[string]string{
		"": "accepted 192.0.2.4/31",
		`{"elem": {"val": "192.0.2.4", "timeout": 3600, "expires": 9}}`: "accepted 192.0.2.5/32",
		`{"elem": {"val": "192.0.2.9", "timeout": 3600, "expires": 9}}`: "accepted 192.0.2.4/31",
	} {
		rs := read(t, `{"nftables": [{"chain": {"family": "inet", "table": "filter", "name": "sl-input"}},
			{"chain": {"family": "inet", "table": "filter", "name": "input", "hook": "input", "prio": 0, "policy": "drop"}},
			{"set": {"family": "inet", "table": "filter", "name": "sl-input-ip", "type": "ipv4_addr", "flags": ["interval", "timeout"], "elem": [`+elements+`]}},
			{"rule": {"family": "inet", "table": "filter", "chain": "input", "expr": [{"jump": {"target": "sl-input"}}]}},
			{"rule": {"family": "inet", "table": "filter", "chain": "sl-input", "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@sl-input-ip"}}, {"drop": null}]}},
			{"rule": {"family": "inet", "table": "filter", "chain": "sl-input", "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}, {"accept": null}]}}]}`)
		if got := words(rs.Fate(asked(t, ssh))); got != want || rs.Unclear != strings.Count(elements, "val") {
			t.Errorf("%s: got %q, want %q; %d unclear", elements, got, want, rs.Unclear)
		}
	}
}

// The rules of iptables-nft, which nft cannot list whole, are asked for where
// iptables-save has them, and otherwise nothing is sure.
func TestForeignRules(t *testing.T) {
	const list = `{"nftables": [{"table": {"family": "ip", "name": "filter"}},
		{"chain": {"family": "ip", "table": "filter", "name": "INPUT", "hook": "input", "prio": 0, "policy": "drop"}},
		{"rule": {"family": "ip", "table": "filter", "chain": "INPUT", "handle": 1, "expr": [{"xt": {"type": "match", "name": "multiport"}}, {"accept": null}]}},
		{"rule": {"family": "ip", "table": "filter", "chain": "INPUT", "handle": 2, "expr": [{"xt": {"type": "target", "name": "LOG"}}]}}]}`
	if got := words(read(t, list).Fate(asked(t, ssh))); got != "" {
		t.Error(got)
	}
	if got := words(read(t, list, save("DROP", "-A INPUT -p tcp -m multiport --dports 22 -j ACCEPT")).Fate(asked(t, ssh))); got != "accepted 192.0.2.4/31" {
		t.Error(got)
	}
	if o, _ := read(t, list).Origin("x", &netfilter.Rule{Family: netfilter.IP, Chain: netfilter.Input}); o != Unjudged {
		t.Error("a log rule whose prefix is not listed was judged by it")
	}
}

func TestOrigin(t *testing.T) {
	both := read(t, string(host(t)), save("DROP",
		`[7:9] -A INPUT -i eth1 -p tcp -m conntrack --ctstate INVALID -j LOG --log-prefix "cut to 29 bytes "`,
		`[2:9] -A INPUT -s 10.0.0.0/8 -j LOG --log-prefix "cut to 29 bytes " --log-uid`,
		`-A INPUT -j NFLOG --nflog-prefix "user space"`))
	packet := asked(t, "-4 -A SL-INPUT -s 192.0.2.4/32 -d 203.0.113.1/32 -i eth1 -p tcp -m tcp --dport 22 -j ACCEPT")
	for _, test := range []struct {
		prefix, in, src string
		want            Origin
	}{
		{"cut to 29 bytes", "eth1", "", Matching},
		{"cut to 29 bytes ", "eth2", "", OtherPrefix},
		{"user space", "eth1", "", NoPrefix},
		{"in: ", "eth7", "", Matching},
		{"bad: ", "eth7", "", OtherPrefix},
		{"dns: ", "eth0", "", NoPrefix},
		{"", "eth0", "", NoPrefix},
	} {
		p := packet
		p.In = test.in
		if got, _ := both.Origin(test.prefix, &p); got != test.want {
			t.Errorf("%q on %s: %d, want %d", test.prefix, test.in, got, test.want)
		}
	}
	_, id := both.Origin("cut to 29 bytes", &packet)
	if n, ok := both.Counted(id); n != 9 || !ok || both.Prefix(id) != "cut to 29 bytes" {
		t.Errorf("%q: counted %d, %v", both.Prefix(id), n, ok)
	}
	routed := read(t, strings.Replace(save("DROP", `-A INPUT -m rt --rt-type 0 -j LOG --log-prefix "rt0 "`), "iptables", "ip6tables", 1))
	six := asked(t, "-6 -A SL-INPUT -s 2001:db8::1/128 -i eth1 -p tcp -m tcp --dport 22 -j ACCEPT")
	if o, _ := routed.Origin("rt0", &six); o != Matching {
		t.Errorf("a packet that is logged before it is refused: %d", o)
	}
	all := read(t, save("DROP", `-A INPUT -m addrtype --dst-type BROADCAST -j LOG --log-prefix "all "`))
	if o, _ := all.Origin("all", &packet); o != Matching {
		t.Errorf("a packet that may be for a group: %d", o)
	}
	_, id = both.Origin("in:", &packet)
	if _, ok := both.Counted(id); ok {
		t.Error("a rule without a counter counts")
	}
	packet = asked(t, "-6 -A SL-INPUT -s 2001:db8::1/128 -i eth1 -p tcp -m tcp --dport 22 -j ACCEPT")
	if o, _ := read(t, save("DROP")).Origin("x", &packet); o != Unjudged {
		t.Error("a line of IPv6 was judged by rules of IPv4")
	}
}

func FuzzAdd(f *testing.F) {
	f.Add(host(f))
	f.Add([]byte(save("DROP", "[1:2] -A INPUT ! -s 10.0.0.0/8 -p tcp -m multiport --dports 1:2,3 -m comment --comment \"a \\\"b\" -j user", "-A user -j LOG --log-prefix x", "-A user -g user")))
	r := asked(f, ssh)
	f.Fuzz(func(t *testing.T, text []byte) {
		rs := new(Ruleset)
		if rs.Add(text) != nil {
			return
		}
		fate := rs.Fate(r)
		if s := addrs.Union(fate.Accepted); len(fate.Dropped) > 0 && s.OverlapsPrefix(fate.Dropped[0]) {
			t.Errorf("both accepted and dropped: %s", words(fate))
		}
		rs.Origin("x", &r)
		rs.Fate(r.WithPeers(nil))
	})
}
