// Package kernlog turns log lines into events: AppArmor messages of the audit
// subsystem, and the packets that netfilter logs.
//
// # Lines
//
// The carrier is recognised from the start of a line, and from there only; what
// looks like one further back is somebody's text.
//
//	audit         type=AVC msg=audit(T:N): ..., with node= in front, enriched, USER_AVC, types by number
//	syslog        Nov 23 15:05:50 host kernel: [12.3] ..., ISO stamps, logread, journalctl's one-line forms
//	syslog5424    <4>1 2026-11-23T15:05:50Z host kernel - - - ...
//	dmesg         [  12.345678] ..., <5>[...] ..., dmesg -T, -x, -d, -H, --time-format
//	kmsg          5,1234,878663410,-;..., its \x escapes undone
//	journal       an entry of systemd's journal, see [Parser.ParseJSON] and [Export]
//	pve-firewall  100 6 tap100i0-IN 23/Nov/2026:15:05:50 +0100 ..., Proxmox
//	ulogd         an object of ulogd's JSON
//	raw           the message alone
//
// An AppArmor message stands at the start of what the carrier carries. It is
// split into key=value first; then the values that the kernel writes in hex are
// decoded. A netfilter message may stand behind any prefix; it is what follows
// the last "IN=... OUT=" after which everything is grammatical to the end of the
// line.
//
// A line is an event, or the report of a loss, or nothing of ours, or an error:
// a line of the kernel, of auditd or of a bus daemon that has our marker in the
// place that belongs to it, and that is not well formed or of a class, verdict
// or operation that is not known. There is never half an event. A line that holds a
// message of AppArmor anywhere else is an error, too: nobody knows what was lost.
// Any other text of another program is not reported, since it may be anything.
//
// # Fields
//
// A field holds what stands in the line, after decoding, except for these:
//
//   - verdict of AppArmor: from the record's type before Linux 2.6.36;
//     of netfilter: accept, drop, reject, none or unknown, as the prefix says.
//     It is never inferred from the line's being logged;
//   - class: before Linux 6.2 from the fields, else from the operation. A socket's
//     is "net", also under file_perm and file_inherit; a socket in the file system
//     is a "file", also under connect and sendmsg;
//   - profile: where there is a label= alone (dbus-daemon), the label;
//   - capname: before Linux 2.6.36 the name=;
//   - peer_label also holds peer_profile=, target also name2=, member also
//     method=, namespace also ns=, pointer also PARAMETER=, sport the src= of a
//     socket. exe stands only in a USER_AVC;
//   - chain and zone of netfilter: from the prefix, else the chain from the
//     interfaces. With pve-firewall the chain is its own ("tap100i0-IN"), and
//     the zone is the guest's number.
//
// vid is the whole tag as logged; its identifier is the low 12 bits. addr and
// peer_addr are "none" for an unnamed socket; an abstract name has an "@" before it.
// Behind that, upper-case hex digits are decoded where they are of a name that the
// kernel had to encode, though another name may consist of these very digits.
//
// A denial of dbus-broker comes from the fields of a journal entry, DBUS_BROKER_*. Its
// labels are without their mode.
//
// Only class dbus is believed from a USER_AVC or a bus daemon: both are written
// by user space.
//
// # Time
//
// The time is that of audit(...) where there is one, in UTC. A syslog stamp
// without offset is in [Config.Zone]; one without year is in [Config.Year], or
// else in the latest year in which it is not more than a day after the source's
// modification time, provided that it is then no more than 300 days before it:
// an older one may as well be of the next year, written since the source was
// opened. Where year or zone stay unknown the event has no time, and neither where
// the zone's clocks show that time twice or not at all. Seconds since boot are none.
//
// # Trust
//
// kernel is for auditd's log where its Source.Audit says that nobody else can have a
// line in it, for the records of facility 0 of the device /dev/kmsg, and for journal
// entries whose own fields name the kernel or the audit subsystem. daemon is for those of
// them that are records of user space or of another host, and for the kernel's lines in a
// log that root alone can write and whose every line begins with the name of rsyslog's
// input, if [Config.Input] says so. log is for what syslog files under a tag of the kernel,
// of the journal's audit or of a bus daemon, in a regular file that only root or the user
// of a service can write; for lines of auditd's form in another such file; and for packets
// whose log prefix is not known, since a message of the kernel's own can hold a name that
// looks like one (PrefixTrust then says what they had with a known one). All else
// is none; Reason says why. A TCP packet with LEN= in place of WINDOW=, which no
// kernel writes and some logs have, is none wherever it stands.
package kernlog
