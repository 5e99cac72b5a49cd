package kernlog

// Causes of a verdict.
const (
	causeInvalid = "invalid" // the state of its connection
	causeRate    = "rate"    // it came too often
	causeRoute   = "route"   // no way leads back to its source
	causeList    = "list"    // its source is on a list of addresses
)

// limited says of a template that its rules are limited in rate.
const limited = true

// firewall is what one firewall writes before IN=.
type firewall struct {
	name   string
	source string // the file of its source that has the prefixes
	forms  []template
}

// firewalls are the built-in log prefixes, in the order in which they are tried. See
// template for the signs.
var firewalls = [...]firewall{
	{"ufw", "src/backend_iptables.py, conf/before.rules: 3 a minute", []template{
		{text: "[UFW LIMIT BLOCK]", verdict: verdictReject, cause: causeRate, limited: limited},
		{text: "[UFW LIMIT]", verdict: verdictNone, limited: limited}, // before the rate is looked at
		{text: "[UFW BLOCK]", verdict: verdictDrop, limited: limited},
		{text: "[UFW ALLOW]", verdict: verdictAccept, limited: limited},
		{text: "[UFW AUDIT]", verdict: verdictNone, limited: limited},
		{text: "[UFW AUDIT INVALID]", verdict: verdictNone, cause: causeInvalid, limited: limited},
		{text: "[UFW ROUTE LIMIT BLOCK]", verdict: verdictReject, chain: chainForward, cause: causeRate, limited: limited},
		{text: "[UFW ROUTE LIMIT]", verdict: verdictNone, chain: chainForward, limited: limited},
		{text: "[UFW ROUTE BLOCK]", verdict: verdictDrop, chain: chainForward, limited: limited},
		{text: "[UFW ROUTE ALLOW]", verdict: verdictAccept, chain: chainForward, limited: limited},
		{text: "[UFW ROUTE AUDIT]", verdict: verdictNone, chain: chainForward, limited: limited},
	}},
	{"ufw-docker", "ufw-docker, after.rules: 3 a minute", []template{
		{text: "[UFW DOCKER BLOCK]", verdict: verdictDrop, chain: chainForward, limited: limited},
		{text: "[UFW DOCKER ALLOW]", verdict: verdictAccept, chain: chainForward, limited: limited},
		{text: "[UFW DOCKER AUDIT]", verdict: verdictNone, chain: chainForward, limited: limited},
	}},
	{"firewalld", "core/nftables.py, core/ipXtables.py", []template{
		{text: "rpfilter_%v:", chain: chainPrerouting, cause: causeRoute},
		{text: "FINAL_%v:"},
		{text: "STATE_INVALID_%v:", cause: causeInvalid},
		{text: "RFC3964_IPv4_%v:", cause: causeRoute},
		{text: "filter_%d_policy_%z_ICMP_BLOCK:", verdict: verdictReject},
		{text: "filter_%d_%z_ICMP_BLOCK:", verdict: verdictReject},
		{text: "filter_%d_policy_%z_%v:"},
		{text: "filter_%d_%z_%v:"},
		{text: "%d_%z_ICMP_BLOCK:", verdict: verdictReject},
		{text: "%d_%z_%v:"},
	}},
	{"Shorewall", "Perl/Shorewall/Chains.pm (log_rule_limit), Shorewall.conf LOGFORMAT, cut to 29 bytes", []template{
		{text: "Shorewall:rpfilter:%v:", chain: chainPrerouting, cause: causeRoute},
		{text: "Shorewall6:rpfilter:%v:", chain: chainPrerouting, cause: causeRoute},
		{text: "Shorewall:sfilter:%v:", zone: "sfilter", cause: causeRoute},
		{text: "Shorewall6:sfilter:%v:", zone: "sfilter", cause: causeRoute},
		{text: "Shorewall:smurfs:%v:", cause: causeInvalid},
		{text: "Shorewall6:smurfs:%v:", cause: causeInvalid},
		{text: "Shorewall:logflags:%v:", cause: causeInvalid},
		{text: "Shorewall6:logflags:%v:", cause: causeInvalid},
		{text: "Shorewall:black%w:%v:", cause: causeList},
		{text: "Shorewall6:black%w:%v:", cause: causeList},
		{text: "Shorewall:dynamic:%v:", cause: causeList},
		{text: "Shorewall6:dynamic:%v:", cause: causeList},
		{text: "Shorewall:%d:%v:"},
		{text: "Shorewall6:%d:%v:"},
		{text: "Shorewall:%z:%v:"},
		{text: "Shorewall6:%z:%v:"},
		{text: "Shorewall:%z:A_%v:"},
		{text: "Shorewall6:%z:A_%v:"},
		{text: "Shorewall:%z:CONTINUE:", verdict: verdictNone},
		{text: "Shorewall6:%z:CONTINUE:", verdict: verdictNone},
		{text: "Shorewall:%z:LOG:", verdict: verdictNone},
		{text: "Shorewall6:%z:LOG:", verdict: verdictNone},
		{text: "Shorewall:%z:DNAT:", verdict: verdictNone, chain: chainPrerouting},
		{text: "Shorewall:%z:REDIRECT:", verdict: verdictNone, chain: chainPrerouting},
		{text: "%p A_%v"},
		{text: "%p CONTINUE", verdict: verdictNone},
		{text: "%p LOG", verdict: verdictNone},
		{text: "rpfilter %v", chain: chainPrerouting, cause: causeRoute}, // LOGFORMAT="%s %s " since Shorewall 5.1
		{text: "sfilter %v", zone: "sfilter", cause: causeRoute},
		{text: "smurfs %v", cause: causeInvalid},
		{text: "logflags %v", cause: causeInvalid},
		{text: "blacklst %v", cause: causeList},
		{text: "blacklog %v", cause: causeList},
		{text: "dynamic %v", cause: causeList},
	}},
	{"OpenWrt fw3 and fw4", "zones.c (fw3_print_zone_rules); root/usr/share/firewall4/templates/zone-*.uc, ruleset.uc", []template{
		{text: "%v(src %z)"}, // its in and out are zones' sides, not chains
		{text: "%v(dest %z)"},
		{text: "%v %z in:"},
		{text: "%v %z out:"},
		{text: "%v %z forward:"},
		{text: "%v %z invalid ct state:", cause: causeInvalid},
	}},
	{"csf", "csf.pl: 30 a minute", []template{
		{text: "Firewall: *SYNFLOOD Blocked*", verdict: verdictDrop, cause: causeRate, limited: limited},
		{text: "Firewall: *SYNFLOOD*", verdict: verdictDrop, cause: causeRate, limited: limited},
		{text: "Firewall: *UDPFLOOD*", verdict: verdictDrop, cause: causeRate, limited: limited},
		{text: "Firewall: *Port Flood*", verdict: verdictDrop, cause: causeRate, limited: limited},
		{text: "Firewall: *ConnLimit*", verdict: verdictReject, cause: causeRate, limited: limited},
		{text: "Firewall: *INVALID*", verdict: verdictDrop, cause: causeInvalid, limited: limited},
		{text: "Firewall: *INV_%w*", verdict: verdictDrop, cause: causeInvalid, limited: limited},
		{text: "Firewall: *CC_DENY*", verdict: verdictDrop, cause: causeList, limited: limited},
		{text: "Firewall: *CC_ALLOWF*", verdict: verdictDrop, cause: causeList, limited: limited},
		{text: "Firewall: *BLOCK_%w*", verdict: verdictDrop, cause: causeList, limited: limited},
		{text: "Firewall: *%w_%d Blocked*", verdict: verdictDrop, limited: limited},
		{text: "Firewall: *%w6%d Blocked*", verdict: verdictDrop, limited: limited},
	}},
	{"FireHOL", "sbin/firehol (rules_custom, protection): 1 a second", []template{
		{text: "%v UNMATCHED %d-%z:"},
		{text: "%v INVALID %d-%z:", cause: causeInvalid},
		{text: "%v ORPHAN %d-%z:", cause: causeInvalid},
		{text: "BLOCKED INVALID %w:", verdict: verdictDrop, cause: causeInvalid},
		{text: "SYN FLOOD:", verdict: verdictDrop, cause: causeRate},
		{text: "SYN FLOOD", verdict: verdictDrop, cause: causeRate},
		{text: "ICMP FLOOD:", verdict: verdictDrop, cause: causeRate},
		{text: "ICMP FLOOD", verdict: verdictDrop, cause: causeRate},
		{text: "ALL FLOOD:", verdict: verdictDrop, cause: causeRate},
		{text: "CONN FLOOD:", verdict: verdictDrop, cause: causeRate},
		{text: "PACKET FRAGMENTS:", verdict: verdictDrop, cause: causeInvalid},
		{text: "PACKET FRAGMENTS", verdict: verdictDrop, cause: causeInvalid},
		{text: "NEW TCP w/o SYN:", verdict: verdictDrop, cause: causeInvalid},
		{text: "NEW TCP w/o SYN", verdict: verdictDrop, cause: causeInvalid},
		{text: "MALFORMED %w:", verdict: verdictDrop, cause: causeInvalid},
		{text: "MALFORMED %w", verdict: verdictDrop, cause: causeInvalid},
	}},
	{"NixOS", "nixos/modules/services/networking/firewall-iptables.nix, firewall-nftables.nix", []template{
		{text: "refused connection:", verdict: verdictDrop},
		{text: "refused packet:", verdict: verdictDrop},
		{text: "rpfilter drop:", verdict: verdictDrop, chain: chainPrerouting, cause: causeRoute},
	}},
	{"IPFire", "src/initscripts/system/firewall: 10 a second", []template{
		{text: "DROP_CTINVALID", verdict: verdictDrop, cause: causeInvalid},
		{text: "DROP_NEWNOTSYN", verdict: verdictDrop, cause: causeInvalid},
		{text: "DROP_SPOOFED_%w", verdict: verdictDrop, cause: causeRoute},
		{text: "DROP_HOSTILE", verdict: verdictDrop, cause: causeList},
		{text: "DROP_INPUT", verdict: verdictDrop, chain: chainInput},
		{text: "DROP_FORWARD", verdict: verdictDrop, chain: chainForward},
		{text: "DROP_OUTPUT", verdict: verdictDrop, chain: chainOutput},
		{text: "REJECT_INPUT", verdict: verdictReject, chain: chainInput},
		{text: "REJECT_FORWARD", verdict: verdictReject, chain: chainForward},
		{text: "REJECT_OUTPUT", verdict: verdictReject, chain: chainOutput},
		{text: "DROP_%w", verdict: verdictDrop},
		{text: "REJECT_%w", verdict: verdictReject},
		{text: "BLKLST_%w", verdict: verdictDrop, cause: causeList},
	}},
	{"Foomuuri", "src/foomuuri (output_rate, log prefixes)", []template{
		{text: "RPFILTER %v", chain: chainPrerouting, cause: causeRoute},
		{text: "INVALID %v", cause: causeInvalid},
		{text: "SMURF %v", cause: causeInvalid},
		{text: "FLOOD %v", cause: causeRate},
		{text: "%d %v"},
		{text: "%p %v"}, // ZONE-ZONE; Shorewall's as well, of which an older one writes ZONE2ZONE
	}},
	{"APF", "firewall, bt.rules", []template{
		{text: "** %d_%w %v **"},
		{text: "** %w_%d %v **"},
		{text: "** SANITY %v **", cause: causeInvalid},
		{text: "** SANITY **", verdict: verdictDrop, cause: causeInvalid},
		{text: "** DSHIELD **", verdict: verdictDrop, cause: causeList},
		{text: "** RABHIT **", verdict: verdictDrop, cause: causeList},
	}},
	{"Arno's iptables firewall", "bin/arno-iptables-firewall", []template{
		{text: "AIF:PRIV %*", verdict: verdictDrop},
		{text: "AIF:UNPRIV %*", verdict: verdictDrop},
		{text: "AIF:Rejected %*", verdict: verdictReject},
		{text: "AIF:Dropped %*", verdict: verdictDrop},
		{text: "AIF:Denied %*", verdict: verdictDrop},
		{text: "AIF:Blocked %*", verdict: verdictDrop, cause: causeList},
		{text: "AIF:Spoofed %*", verdict: verdictDrop, cause: causeRoute},
		{text: "AIF:Stealth %*", verdict: verdictDrop, cause: causeInvalid},
		{text: "AIF:Invalid %*", verdict: verdictDrop, cause: causeInvalid},
		{text: "AIF:Fragment %*", verdict: verdictDrop, cause: causeInvalid},
		{text: "AIF:ICMP-flood:", verdict: verdictDrop, cause: causeRate},
		{text: "AIF:ICMP-%*", verdict: verdictDrop},
	}},
	{"fwbuilder", "src/iptlib/PolicyCompiler_PrintRule.cpp (%N -- %A)", []template{
		{text: "RULE %w -- %v"},
		{text: "RULE %w -- CONTINUE", verdict: verdictNone},
		{text: "RULE %w -- LOG", verdict: verdictNone},
	}},
	{"SuSEfirewall2", "SuSEfirewall2", []template{
		{text: "SFW2-%d%z-%v-ANTI-SPOOF%*", cause: causeRoute},
		{text: "SFW2-%d%z-%v-SPOOF%*", cause: causeRoute},
		{text: "SFW2-%d%z-%v-INVALID%*", cause: causeInvalid},
		{text: "SFW2-%d%z-%v-%*"},
		{text: "SFW2-%d%z-%v"},
		{text: "SFW2-%d-%v-%*"},
		{text: "SFW2-%d-ILL-%*", verdict: verdictDrop},
		{text: "SuSE-FW-%v-ANTI-SPOOF%*", cause: causeRoute},
		{text: "SuSE-FW-%v-%*"},
		{text: "SuSE-FW-%v"},
		{text: "SuSE-FW-ILLEGAL-%*", verdict: verdictDrop},
		{text: "SuSE-FW-UNALLOWED-%*", verdict: verdictDrop},
	}},
	{"VyOS since 1.4", "python/vyos/firewall.py (parse_rule): the action's first letter; R is reject or return", []template{
		{text: "[STATE-POLICY-INV-D]", verdict: verdictDrop, cause: causeInvalid},
		{text: "[STATE-POLICY-INV-R]", verdict: verdictReject, cause: causeInvalid},
		{text: "[%f-PRE-%z-%w-D]", verdict: verdictDrop, chain: chainPrerouting},
		{text: "[%f-%d-%z-%w-D]", verdict: verdictDrop},
		{text: "[%f-%d-%z-%w-A]", verdict: verdictAccept},
		{text: "[%f-%d-%z-%w-R]", verdict: verdictUnknown},
		{text: "[%f-NAM-%z-%w-D]", verdict: verdictDrop},
		{text: "[%f-NAM-%z-%w-A]", verdict: verdictAccept},
		{text: "[%f-NAM-%z-%w-R]", verdict: verdictUnknown},
		{text: "[%f-PRE-%z-%w-%n]", verdict: verdictNone, chain: chainPrerouting},
		{text: "[%f-%d-%z-%w-%n]", verdict: verdictNone},
		{text: "[%f-NAM-%z-%w-%n]", verdict: verdictNone},
	}},
	{"EdgeOS, UniFi, VyOS before 1.4", "Vyatta/IpTables/Rule.pm: [RULESET-RULE-LETTER]; UniFi OS: [RULESET-LETTER-RULE] DESCR=...", []template{
		{text: "[%z-RET-%w]%*", verdict: verdictNone},
		{text: "[%z-%w-RET]%*", verdict: verdictNone},
		{text: "[%z-%w-C]%*", verdict: verdictNone},
		{text: "[%z-C-%w]%*", verdict: verdictNone},
		{text: "[%z-%w-D]%*", verdict: verdictDrop},
		{text: "[%z-%w-R]%*", verdict: verdictReject},
		{text: "[%z-%w-A]%*", verdict: verdictAccept},
		{text: "[%z-D-%w]%*", verdict: verdictDrop},
		{text: "[%z-R-%w]%*", verdict: verdictReject},
		{text: "[%z-A-%w]%*", verdict: verdictAccept},
	}},
	{"Skynet", "firewall.sh: raw PREROUTING, but for IOT", []template{
		{text: "[BLOCKED - INBOUND]", verdict: verdictDrop, chain: chainPrerouting, cause: causeList},
		{text: "[BLOCKED - OUTBOUND]", verdict: verdictDrop, chain: chainPrerouting, cause: causeList},
		{text: "[BLOCKED - INVALID]", verdict: verdictDrop, cause: causeInvalid},
		{text: "[BLOCKED - IOT]", verdict: verdictDrop, chain: chainForward},
		{text: "[BLOCKED - NEW BAN]", verdict: verdictDrop, cause: causeRate},
	}},
	{"Proxmox", "PVE/Firewall.pm", []template{
		{text: "policy %v:"},
		{text: "PVEFW-%v:"},
	}},
	{"SyslogParse", "its own rules, which do not say what becomes of a packet", []template{
		{text: "IPTABLES%d:"},
	}},
	{"the kernel", "net/netfilter/nf_tables_trace.c, xt_TRACE; nf_conntrack_proto.c (nf_l4proto_log_invalid): the packet goes on", []template{
		{text: "TRACE: %*", verdict: verdictNone},
		{text: "nf_ct_%*", verdict: verdictNone},
	}},
}

// byFirst are the templates that a prefix with a first byte may have, in their order.
var byFirst = func() (all [256][]*template) {
	for i := range firewalls {
		for j := range firewalls[i].forms {
			t := &firewalls[i].forms[j]
			for c := range all {
				if t.mayBegin(byte(c)) {
					all[c] = append(all[c], t)
				}
			}
		}
	}
	return all
}()
