package kernlog

import (
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// wrote are log prefixes as firewalls write them, with what each says: verdict, chain
// ("" where the interfaces say it) and cause.
var wrote = []struct{ firewall, prefix, verdict, chain, cause string }{
	{"ufw", "[UFW BLOCK] ", "drop", "", ""},
	{"ufw", "[UFW ALLOW] ", "accept", "", ""},
	{"ufw", "[UFW LIMIT] ", "none", "", ""},
	{"ufw", "[UFW LIMIT BLOCK] ", "reject", "", "rate"},
	{"ufw", "[UFW AUDIT] ", "none", "", ""},
	{"ufw", "[UFW AUDIT INVALID] ", "none", "", "invalid"},
	{"ufw", "[UFW ROUTE BLOCK] ", "drop", "FORWARD", ""},
	{"ufw", "[UFW ROUTE ALLOW] ", "accept", "FORWARD", ""},
	{"ufw-docker", "[UFW DOCKER BLOCK] ", "drop", "FORWARD", ""},
	{"firewalld", "rpfilter_DROP: ", "drop", "PREROUTING", "route"},
	{"firewalld", "FINAL_REJECT: ", "reject", "", ""},
	{"firewalld", "STATE_INVALID_DROP: ", "drop", "", "invalid"},
	{"firewalld", "RFC3964_IPv4_REJECT: ", "reject", "", "route"},
	{"firewalld", "filter_IN_public_REJECT: ", "reject", "INPUT", ""},
	{"firewalld", "filter_IN_public_ICMP_BLOCK: ", "reject", "INPUT", ""},
	{"firewalld", "filter_FWD_policy_mine_DROP: ", "drop", "FORWARD", ""},
	{"firewalld", "IN_public_DROP: ", "drop", "INPUT", ""},
	{"Shorewall", "Shorewall:net-fw:DROP:", "drop", "", ""},
	{"Shorewall", "Shorewall:INPUT:REJECT:", "reject", "INPUT", ""},
	{"Shorewall", "Shorewall:rpfilter:DROP:", "drop", "PREROUTING", "route"},
	{"Shorewall", "Shorewall:blacklst:DROP:", "drop", "", "list"},
	{"Shorewall", "Shorewall:logflags:DROP:", "drop", "", "invalid"},
	{"Shorewall", "Shorewall:net2fw:CONTINUE:", "none", "", ""},
	{"Shorewall", "Shorewall:net_dnat:DNAT:", "none", "PREROUTING", ""},
	{"Shorewall", "Shorewall6:net2fw:DROP:", "drop", "", ""},
	{"Shorewall 5", "net-fw DROP ", "drop", "", ""},
	{"Shorewall 5", "net-loc REJECT ", "reject", "", ""},
	{"Shorewall 5", "sfilter DROP ", "drop", "", "route"},
	{"Shorewall 5", "rpfilter DROP ", "drop", "PREROUTING", "route"},
	{"Shorewall 5", "INPUT REJECT ", "reject", "INPUT", ""},
	{"Shorewall 5", "net-fw ACCEPT ", "accept", "", ""},
	{"OpenWrt", "DROP(src wan)", "drop", "", ""},
	{"OpenWrt", "REJECT(dest lan)", "reject", "", ""},
	{"OpenWrt", "drop wan in: ", "drop", "", ""},
	{"OpenWrt", "reject wan forward: ", "reject", "", ""},
	{"OpenWrt", "drop wan invalid ct state: ", "drop", "", "invalid"},
	{"OpenWrt", "@rule[0]: ", "unknown", "", ""},
	{"csf", "Firewall: *TCP_IN Blocked* ", "drop", "INPUT", ""},
	{"csf", "Firewall: *UDP6OUT Blocked* ", "drop", "OUTPUT", ""},
	{"csf", "Firewall: *SYNFLOOD Blocked* ", "drop", "", "rate"},
	{"csf", "Firewall: *UDPFLOOD* ", "drop", "", "rate"},
	{"csf", "Firewall: *Port Flood* ", "drop", "", "rate"},
	{"csf", "Firewall: *ConnLimit* ", "reject", "", "rate"},
	{"csf", "Firewall: *INVALID* ", "drop", "", "invalid"},
	{"csf", "Firewall: *INV_NOSYN* ", "drop", "", "invalid"},
	{"csf", "Firewall: *CC_DENY* ", "drop", "", "list"},
	{"csf", "Firewall: *BLOCK_LIST* ", "drop", "", "list"},
	{"FireHOL", "DROP UNMATCHED IN-unknown:", "drop", "INPUT", ""},
	{"FireHOL", "SYN FLOOD:", "drop", "", "rate"},
	{"FireHOL", "MALFORMED XMAS:", "drop", "", "invalid"},
	{"FireHOL", "NEW TCP w/o SYN:", "drop", "", "invalid"},
	{"NixOS", "refused connection: ", "drop", "", ""},
	{"NixOS", "refused packet: ", "drop", "", ""},
	{"NixOS", "rpfilter drop: ", "drop", "PREROUTING", "route"},
	{"IPFire", "DROP_INPUT ", "drop", "INPUT", ""},
	{"IPFire", "DROP_FORWARD ", "drop", "FORWARD", ""},
	{"IPFire", "DROP_NEWNOTSYN ", "drop", "", "invalid"},
	{"IPFire", "DROP_CTINVALID ", "drop", "", "invalid"},
	{"IPFire", "DROP_SPOOFED_MARTIAN ", "drop", "", "route"},
	{"IPFire", "DROP_HOSTILE ", "drop", "", "list"},
	{"IPFire", "REJECT_OUTPUT ", "reject", "OUTPUT", ""},
	{"IPFire", "FORWARDFW ", "unknown", "", ""},
	{"Foomuuri", "INPUT DROP ", "drop", "INPUT", ""},
	{"Foomuuri", "localhost-public REJECT ", "reject", "", ""},
	{"Foomuuri", "RPFILTER DROP ", "drop", "PREROUTING", "route"},
	{"Foomuuri", "INVALID DROP ", "drop", "", "invalid"},
	{"APF", "** OUT_UDP DROP ** ", "drop", "OUTPUT", ""},
	{"APF", "** IN_TCP DROP ** ", "drop", "INPUT", ""},
	{"Arno", "AIF:PRIV TCP packet: ", "drop", "", ""},
	{"Arno", "AIF:UNPRIV connect attempt: ", "drop", "", ""},
	{"Arno", "AIF:Rejected TCP port: ", "reject", "", ""},
	{"Arno", "AIF:Spoofed packet: ", "drop", "", "route"},
	{"fwbuilder", "RULE 24 -- DENY ", "drop", "", ""},
	{"fwbuilder", "RULE 3 -- REJECT ", "reject", "", ""},
	{"fwbuilder", "RULE 1 -- ACCEPT ", "accept", "", ""},
	{"SuSE", "SFW2-INext-DROP-DEFLT ", "drop", "INPUT", ""},
	{"SuSE", "SFW2-INext-DROP-ANTI-SPOOF ", "drop", "INPUT", "route"},
	{"SuSE", "SFW2-FWDint-ACC-RELATED ", "accept", "FORWARD", ""},
	{"SuSE", "SuSE-FW-DROP-DEFAULT ", "drop", "", ""},
	{"VyOS", "[ipv4-INP-filter-20-D]", "drop", "INPUT", ""},
	{"VyOS", "[ipv4-FWD-filter-20-A]", "accept", "FORWARD", ""},
	{"VyOS", "[ipv4-NAM-WAN-IN-10-D]", "drop", "", ""},
	{"VyOS", "[ipv4-NAM-WAN-10-R]", "unknown", "", ""}, // reject or return
	{"VyOS", "[ipv4-NAM-TEST-10-C]", "none", "", ""},
	{"VyOS", "[ipv6-PRE-raw-10-D]", "drop", "PREROUTING", ""},
	{"VyOS 1.3", "[WAN_IN-20-R]", "reject", "", ""},
	{"EdgeOS", "[WAN_LOCAL-default-D]", "drop", "", ""},
	{"UniFi", `[LAN_IN-A-2147483647] DESCR="[LAN_IN]all" `, "accept", "", ""},
	{"UniFi", `[WAN_LAN-D-10001] DESCR="x" `, "drop", "", ""},
	{"UniFi", `[LAN_LOCAL-RET-2147483647] DESCR="no rule description" `, "none", "", ""},
	{"Skynet", "[BLOCKED - INBOUND] ", "drop", "PREROUTING", "list"},
	{"Skynet", "[BLOCKED - INVALID] ", "drop", "", "invalid"},
	{"Proxmox", "policy DROP: ", "drop", "", ""},
	{"Proxmox", "PVEFW-reject: ", "reject", "", ""},
	{"the kernel", "TRACE: raw:PREROUTING:policy:2 ", "none", "", ""},
	{"the kernel", "TRACE: filter:drop:rule:2 ", "none", "", ""},
	{"the kernel", "nf_ct_proto_17: bad checksum ", "none", "", ""},
	{"the kernel", "nf_ct_tcp: SEQ is over upper bound 1 ", "none", "", ""},
	{"plain words", "DROP INVALID ", "drop", "", "invalid"},
	{"plain words", "IPTables-Dropped: ", "drop", "", ""},
	{"plain words", "iptables denied: ", "drop", "", ""},
	{"plain words", "iptables DROP_INPUT: ", "drop", "INPUT", ""},
	{"plain words", "[nftables] Denied: ", "drop", "", ""},
	{"plain words", "[iptables] DROP ", "drop", "", ""},
	{"plain words", "nft-drop: ", "drop", "", ""},
	{"plain words", "BLOCK: ", "drop", "", ""},
	{"plain words", "REJECTED: ", "reject", "", ""},
	{"plain words", "Refusing: ", "drop", "", ""},
	{"plain words", "kernel firewall passed: ", "accept", "", ""},
	{"plain words", "raw drop: ", "drop", "PREROUTING", ""},
	{"no plain words", "no drop for Bob: ", "unknown", "", ""},
	{"no plain words", "drop or accept: ", "unknown", "", ""},
	{"no plain words", "not dropped: ", "unknown", "", ""},
	{"no plain words", "iptables: ", "unknown", "", ""},
	{"no plain words", "FWL input DROP: ", "unknown", "", ""},
	{"no plain words", "dr\u00f6p drop: ", "unknown", "", ""},
}

// TestFirewallPrefixes: each known prefix says its verdict, chain and cause, and no other
// says any.
func TestFirewallPrefixes(t *testing.T) {
	p := New(Config{})
	for _, w := range wrote {
		var f record.Fields
		p.readPrefix(w.prefix, &f)
		if f[record.FVerdict] != w.verdict || f[record.FChain] != w.chain || f[record.FCause] != w.cause {
			t.Errorf("%s: %q: verdict %q chain %q cause %q", w.firewall, w.prefix, f[record.FVerdict], f[record.FChain], f[record.FCause])
		}
	}
	t.Logf("%d prefixes", len(wrote))
}

// TestFirewallsAreData: each firewall of the table names its source, and each form can
// be met: none stands behind another that takes all of its prefixes.
func TestFirewallsAreData(t *testing.T) {
	for _, fw := range firewalls {
		if fw.name == "" || fw.source == "" || len(fw.forms) == 0 {
			t.Errorf("%q: no source or no forms", fw.name)
		}
		for i := range fw.forms {
			form := &fw.forms[i]
			text := sampleOf(form.text)
			if got, _ := findTemplate(text); got != form {
				t.Errorf("%s: %q is read as %+v", form.text, text, got)
			}
		}
	}
}

// sampleOf is a prefix of a form.
func sampleOf(form string) string {
	words := map[byte]string{'v': "DROP", 'd': "FORWARD", 'z': "zone", 'p': "net-fw", 'w': "x9", 'f': "ipv4", 'n': "J", '*': "rest"}
	var b []byte
	for i := 0; i < len(form); i++ {
		if form[i] == '%' {
			i++
			b = append(b, words[form[i]]...)
		} else {
			b = append(b, form[i])
		}
	}
	return string(b)
}
