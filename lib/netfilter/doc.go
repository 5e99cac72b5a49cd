// Package netfilter is a language for firewall rules: one typed [Rule] and its
// canonical text in four notations.
//
// Text and Parse are strict inverses. Parse accepts exactly the bytes that Text
// writes, so a rule that comes from outside is either one that this package
// would have written, or refused. What a Rule cannot say can therefore not be
// smuggled into a firewall: there are no comments, no jumps, no names that are
// looked up, no wildcards in interface names, and addresses and ports are
// numbers.
//
// # Notations
//
// The same rule in each:
//
//	NFT       add rule inet filter sl-input iifname "eth0" ip saddr { 192.0.2.0/24, 198.51.100.7 } ip daddr 203.0.113.1 tcp dport { 22, 80-90 } accept
//	Restore   -4 -A SL-INPUT -s 192.0.2.0/24,198.51.100.7/32 -d 203.0.113.1/32 -i eth0 -p tcp -m multiport --dports 22,80:90 -j ACCEPT
//	IPTables  iptables -w -A SL-INPUT -s 192.0.2.0/24,198.51.100.7/32 -d 203.0.113.1/32 -i eth0 -p tcp -m multiport --dports 22,80:90 -j ACCEPT
//
// and what is left for a set, a source to drop:
//
//	IPSet     add sl-input-ip 192.0.2.0/24
//
// A source that is to be dropped for a time only is an element of a set, which the
// kernel takes out again:
//
//	NFT       add element inet filter sl-input-ip { 192.0.2.0/24 timeout 86400s }
//	IPSet     add sl-input-ip 192.0.2.0/24 timeout 86400
//
// The other notations have no such rules. The time starts when the file is loaded.
// With nft the sets stand in the same table as the chains, and the first rules of
// the chains, which belong to the head of the file, drop what is in them: a table
// with a hook of its own would drop packets of connections that the user's rules
// have accepted, and before the user has said where. All else, lists of sources
// included, stays in rules with sets of their own: nothing is gained by names
// where nothing changes by itself, and the kernel takes a hundred thousand
// addresses five times as fast that way (1.1 s and 5.8 s to load twice), in a
// quarter of the memory and in smaller messages, which matters in a user
// namespace, where the size of one cannot be raised.
//
// A line of a notation holds only so much: 20 addresses with iptables, because
// iptables-restore takes words of at most 1023 bytes, and with nft 4096, or 1024
// that time out. [Split] cuts a rule.
//
// # Where the rules stand
//
// The rules stand in chains of their own, which are emptied and filled again
// whenever the file is loaded. Nothing happens before the user jumps to them,
// because only the user knows where: behind the rules that must come first
// (established connections, invalid packets), before the drop at the end.
//
// With nft the chains are sl-input, sl-output and sl-forward in the table "inet
// filter", the one that Debian's /etc/nftables.conf uses. They cannot be in a
// table of their own: an accept ends only the chains of its own hook and
// priority, a drop in the base chain of another table still drops the packet,
// and a jump cannot leave its table. Load the file before the chains with the
// jumps, since a jump needs its target:
//
//	flush ruleset
//	include "/etc/nftables.d/sl.nft"
//	table inet filter {
//		chain input {
//			type filter hook input priority filter; policy drop;
//			ct state established,related accept
//			jump sl-input
//		}
//	}
//
// and "nft -f /etc/nftables.d/sl.nft" loads new rules later, in one transaction,
// without touching the rest.
//
// With iptables the chains are SL-INPUT, SL-OUTPUT and SL-FORWARD of the table
// filter. The user's own rules declare them and jump to them:
//
//	*filter
//	:SL-INPUT - [0:0]
//	-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
//	-A INPUT -j SL-INPUT
//	COMMIT
//
// and our file is loaded afterwards, always with --noflush: without it,
// iptables-restore empties the user's chains, too. One file holds both families,
// in lines that start with -4 and -6, and is loaded twice:
//
//	iptables-restore --noflush FILE
//	ip6tables-restore --noflush FILE
//
// With IPTables the file is a part of a shell script. With IPSet it holds the
// sets sl-input-ip, sl-input-ip6, sl-forward-ip and sl-forward-ip6 for "ipset
// restore"; the rule that uses a set is the user's:
//
//	iptables -A INPUT -m set --match-set sl-input-ip src -j DROP
//
// # What a rule says
//
// A rule has no connection state: it is meant for the first packet, and the
// answers are accepted by the rule for established connections that every
// ruleset has. In a file, drops and rejects stand before accepts.
//
// The package reads no files, has no state and can be used by several goroutines
// at once.
package netfilter
