// Package propose turns netfilter events into proposals for firewall rules.
//
// A [Proposer] takes events in any order, and rules and notes that were made
// elsewhere, and gives back rules, each with what speaks for it. Every event
// ends up in a rule, in a note that says why there is none, or in the count of
// those that call for nothing. The same input gives the same output, whatever
// its order.
//
// # Allow
//
// A packet that was dropped or rejected calls for a rule that accepts the next
// one like it. There is one rule for each chain, interface, protocol, port or
// ICMP type, and own address; the other side's addresses are collected in it.
// Options.Sources says how: exactly those seen, the smallest blocks around those
// near each other, or everybody.
//
// Not every packet calls for one:
//
//   - TCP only with SYN and without ACK, RST and FIN: all others are answers or
//     strays, which the rule for established connections accepts.
//   - UDP from port 53, 67, 123 or 443 to a high port is a late answer.
//   - ICMP errors and replies belong to other packets. The packet quoted in an
//     error is another flow and never looked at.
//   - A later fragment has no ports, and neither has a packet that is too short.
//     A rule without ports would accept all of them.
//   - Broadcasts and multicasts are not sent to the host. They are known by
//     their address or by that of the frame.
//   - A source that is no host's: unspecified, multicast, or loopback on another
//     interface.
//   - An interface whose name could mean something else in a rule.
//   - A frame with a VLAN tag: the interface that is named is that of the cable,
//     and a rule would open it for packets without the tag.
//   - A protocol that no rule can name. Of SCTP and DCCP the log has no ports;
//     such a rule says "ports=any" in Made. That of a bridged packet says
//     "bridge-ports=any", because it names the bridge only.
//
// # Block
//
// Packets that were not let through are counted against their source, and a
// source that reaches a threshold is proposed to be dropped, in the chain where
// it was seen. TCP counts with SYN alone or with flags that only scanners set.
// The source of any other packet is easily forged, by somebody who would like
// the host to block a third one, and counts only with Options.Spoofable (a SYN
// can be forged as well, so look at what is proposed). Never blocked are the
// addresses that a host needs, those of Options.Never, and those that packets
// in input were sent to, since they are the host's own.
//
// With Options.Within only packets that are so near each other count towards a
// threshold. With Options.Expire the rules end by themselves.
//
// # What is there already
//
// With Options.Ruleset each rule is asked about before it is proposed: what the
// firewall surely does already is left out, peer by peer, and a note of kind
// "present" counts it. The evidence of what is left stays whole. A rule whose
// packets end before they come to it is proposed, with a note "shadowed"; one
// whose chain nobody jumps to, with a note "unused". See package ruleset for what
// is sure.
//
// # Trust
//
// Everything here is what a log says, and a log may be forged. What lines of one trust
// say makes rules and notes of their own, so that nothing that is believed less adds to
// one of a higher trust, lowers it, or takes its room. What needs several packets needs
// them at its level or above, and the host's own addresses are those that lines say which
// are believed no less.
//
// With a ruleset there is a proof of origin beyond that. A line whose prefix no
// rule logs with, or only rules that do not match its packet, has no more trust
// than one that any local user can write, and so has all that stands on more lines
// with one prefix than its rules counted packets. A note of kind "origin" says so.
// It is no proof of forgery: the rules may have been others when it was written.
// The same goes for a line with an interface that is not among Options.Interfaces.
//
// # Bounds
//
// Memory is bounded, whatever the log says: some 16 000 rules, 131 072 peers of
// one rule, 260 000 of all, 131 072 sources to block of each trust and, with Within, half a
// million of their packets, 4096 of one source. What is beyond is left out
// and told in a note of kind "limit". Which part that is depends on the input
// and not on its order.
package propose
