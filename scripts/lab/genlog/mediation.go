package main

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// confined is a program and the profile that it runs under.
type confined struct {
	profile, comm string
	uid           int
	folder        string // where it is denied things
}

var programs = []confined{
	{"/usr/sbin/chronyd", "chronyd", 0, "/run/chrony-dhcp"},
	{"/usr/sbin/mariadbd", "mariadbd", 110, "/srv/mysql"},
	{"/usr/sbin/cupsd", "cupsd", 0, "/etc/cups/ssl"},
	{"/usr/sbin/cups-browsed", "cups-browsed", 0, "/var/cache/cups"},
	{"named", "isc-net-0000", 113, "/var/lib/bind"},
	{"php-fpm//shop", "php-fpm8.2", 33, "/srv/www/shop"},
	{"libreoffice-soffice", "soffice.bin", 1000, "/home/anna/Documents"},
	{"/usr/bin/evince", "evince", 1000, "/home/anna/.cache/evince"},
	{"snap.firefox.firefox", "firefox", 1000, "/home/anna/.config"},
	{"docker-default", "java", 0, "/proc/sys/net"},
}

var (
	capabilities = []struct {
		number int
		name   string
	}{{1, "dac_override"}, {2, "dac_read_search"}, {12, "net_admin"}, {21, "sys_admin"}, {23, "sys_nice"}, {24, "sys_resource"}, {25, "sys_time"}}
	accesses = []struct{ operation, mask string }{
		{"open", "r"}, {"open", "r"}, {"open", "r"}, {"open", "w"}, {"open", "wr"}, {"open", "wrc"}, {"mknod", "c"},
		{"unlink", "d"}, {"file_lock", "k"}, {"file_mmap", "m"}, {"rename_src", "wrd"}, {"rename_dest", "wc"}, {"chmod", "w"},
	}
	signals  = []string{"term", "kill", "hup", "usr1"}
	families = []string{"inet", "inet6", "netlink"}
)

// appendMediation writes the denial number k of AppArmor, drawn from r, with the
// fields in the order of security/apparmor/audit.c and of its callers.
func (h *host) appendMediation(dst []byte, r random, k int) []byte {
	p := pick(&r, programs)
	begin := func(operation string) {
		dst = append(append(dst, `apparmor="DENIED" operation="`...), operation...)
		dst = append(append(append(dst, `" profile="`...), p.profile...), '"')
	}
	process := func() {
		dst = strconv.AppendInt(append(dst, " pid="...), int64(h.pid()), 10)
		dst = append(append(append(dst, ` comm="`...), p.comm...), '"')
	}
	switch r.below(16) {
	case 0:
		c := pick(&r, capabilities)
		begin("capable")
		process()
		dst = strconv.AppendInt(append(dst, " capability="...), int64(c.number), 10)
		return append(append(append(dst, `  capname="`...), c.name...), '"')
	case 1:
		begin("create")
		process()
		dst = append(append(dst, ` family="`...), pick(&r, families)...)
		return append(dst, `" sock_type="raw" protocol=0 requested_mask="create" denied_mask="create"`...)
	case 2:
		begin("signal")
		process()
		dst = append(append(dst, ` requested_mask="send" denied_mask="send" signal=`...), pick(&r, signals)...)
		return append(dst, ` peer="unconfined"`...)
	case 3:
		begin("ptrace")
		process()
		return append(append(append(dst, ` requested_mask="read" denied_mask="read" peer="`...), pick(&r, programs).profile...), '"')
	}
	a := pick(&r, accesses)
	begin(a.operation)
	dst = appendName(append(dst, " name="...), fileName(&r, p.folder, k))
	process()
	dst = append(append(dst, ` requested_mask="`...), a.mask...)
	dst = append(append(append(dst, `" denied_mask="`...), a.mask...), '"')
	dst = strconv.AppendInt(append(dst, " fsuid="...), int64(p.uid), 10)
	owner := p.uid
	if r.below(3) == 0 {
		owner = 0
	}
	return strconv.AppendInt(append(dst, " ouid="...), int64(owner), 10)
}

// fileName is a path that no other k has; one in eight needs the kernel's hex.
func fileName(r *random, folder string, k int) string {
	base := pick(r, []string{"cache", "data", "index", "lock", "page", "state"}) + strconv.Itoa(k)
	switch r.below(16) {
	case 0:
		base = "Copy of " + base
	case 1:
		base += " – Größe"
	}
	return folder + "/" + base + pick(r, []string{"", ".bin", ".conf", ".tmp", ".xml"})
}

// appendName writes s as audit_log_untrustedstring does (kernel/audit.c): quoted,
// or in upper-case hex where a byte is not printable ASCII, a blank or a quote.
func appendName(dst []byte, s string) []byte {
	if strings.IndexFunc(s, func(c rune) bool { return c <= ' ' || c > '~' || c == '"' }) < 0 {
		return append(append(append(dst, '"'), s...), '"')
	}
	return append(dst, strings.ToUpper(hex.EncodeToString([]byte(s)))...)
}
