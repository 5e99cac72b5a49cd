package apparmor

import (
	"os"
	"strings"
	"testing"
)

// Names that nobody had thought of are refused, but for these.
func TestNamesThatNobodyListed(t *testing.T) {
	harmless := map[string]string{
		`"/run/acpid.socket" rw,`: "only tells of events", `"/run/systemd/notify" w,`: "tells the state of a service",
		`"/dev/vhost-net" rw,`: "the memory of the process itself", `"/run/cups/cups.sock" rw,`: "prints",
		`"/var/spool/mail/root" rw,`: "mail", `"/dev/pts/0" rw,`: "a terminal can be written to, not typed into",
	}
	text, err := os.ReadFile("../../../shared/audit/names.txt")
	if err != nil {
		t.Skipf("NOT RUN: %v", err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		n++
		level, why := danger(t, debian(), "", line)
		if refused := level >= limit; refused == (harmless[line] != "") {
			t.Errorf("%s: %d, %s", line, level, why)
		}
	}
	t.Logf("%d names", n)
}

// What is like them is refused as well.
func TestNamesLikeThem(t *testing.T) {
	for _, text := range []string{
		`"/etc/default/x" w,`, `"/etc/odd.conf" w,`, `"/etc/pki/x" w,`, `"/usr/libexec/x" w,`, `"/usr/local/etc/x" w,`, `"/opt/x/bin/y" w,`, `"/nix/store/x" w,`,
		`"/libx32/x" w,`, `"/lib/firmware/x" w,`, `"/dev/ublkc0" rw,`, `"/dev/hidraw0" r,`, `"/dev/vfio/1" rw,`, `"/dev/xen/privcmd" rw,`, `"/dev/mei0" rw,`,
		`"/dev/i2c-0" w,`, `"/dev/mst/x" r,`, `"/dev/dm-0" r,`, `"/dev/tpm0" rw,`, `"/proc/irq/x" w,`, `"/proc/mtrr" w,`, `"/proc/dynamic_debug/control" w,`,
		`"/proc/thread-self/attr/exec" w,`, `"/proc/2/task/3/root/etc/passwd" w,`, `"/proc/self/fd/3" w,`, `"/proc/self/map_files/x" r,`, `"/sys/block/sda/queue/x" w,`,
		`"/sys/module/x/parameters/y" w,`, `"/sys/kernel/debug/x" w,`, `"/sys/fs/bpf/x" w,`, `"/run/docker/x.sock" rw,`, `"/run/openvpn/*" rw,`, `"/var/run/podman/podman.sock" rw,`,
		`"/run/k3s/containerd/containerd.sock" rw,`, `"/run/user/1000/docker.sock" rw,`, `"/home/u/.docker/run/docker.sock" rw,`, `"/var/snap/lxd/common/lxd/unix.socket" rw,`,
		`"/var/lib/incus/guestapi/x.sock" rw,`, `"/run/cri-dockerd.sock" rw,`, `"/run/supervisor.sock" rw,`, `"/run/fail2ban/fail2ban.sock" rw,`, `"/run/wpa_supplicant/wlan0" rw,`,
		`"/run/multipathd.socket" rw,`, `"/run/udev/control" rw,`, `"/run/systemd/machine/io.systemd.Machine" rw,`, `"/run/nologin" w,`, `"/run/modules-load.d/x" w,`,
		`"/run/environment.d/x" w,`, `"/run/sysusers.d/x" w,`, `"/run/polkit-1/rules.d/x" w,`, `"/run/NetworkManager/conf.d/x" w,`, `"/run/screen/S-root/x" rw,`,
		`"/run/user/0/systemd/generator/x.service" w,`, `"/run/user/1000/odd/socket" rw,`, `"/run/user/1000/gnupg/S.gpg-agent" rw,`, `"/tmp/.ICE-unix/../x" w,`,
		`"/var/lib/NetworkManager/x.nmmeta" w,`, `"/var/lib/AccountsService/users/x" w,`, `"/var/lib/flatpak/exports/bin/x" w,`, `"/var/lib/kubelet/x" w,`,
		`"/var/cache/ldconfig/aux-cache" w,`, `"/var/spool/at/x" w,`, `"/var/lib/postgresql/.ssh/authorized_keys" w,`, `"/var/lib/git/x.git/.git/hooks/x" w,`,
		`"/home/u/.config/lf/lfrc" w,`, `"/home/u/.odd/x" w,`, `"/home/u/.local/share/systemd/user/x" w,`, `"/home/u/.local/share/odd/../x" w,`, `"/export/home/u/.profile" w,`,
		`"/srv/home/u/.odd" w,`, `"/mnt/home/u/.config/odd/x" w,`, `"/data/home/u/.ssh/x" r,`, `"/root/.odd" w,`, `"/root/.kube/config" r,`, `"/home/u/.config/gh/hosts.yml" r,`,
		`"/etc/nginx/x.key" r,`, `"/etc/ssl/private/x" r,`, `"/etc/wireguard/wg0.conf" r,`, `"/etc/tls/privkey.pem" r,`, `"/var/lib/samba/private/x" r,`,
		`"/home/*/.*/*" w,`, `"/home/**" w,`, `"/**/.*" w,`, `"/**/docker.sock" w,`, `"/r*/docker.sock" w,`, `"/**.service" w,`, `"/e*/x" w,`, `"/*" w,`, `"/d*/sd*" r,`, `"/**0" rw,`,
		`"/dev/nul*" rw,`, `"/dev/pts*" rw,`, `"/dev/{null" rw,`, `"/home/u/.cach*" w,`, `"/home/u/.cache*/x" w,`, `"/usr/share/fonts/*" w,`, `"/run/systemd/notif*" w,`,
	} {
		if strings.Contains(text, "{") || strings.Contains(text, "..") {
			continue // the kernel names no such path
		}
		if level, why := danger(t, debian(), "", text); level < limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// Ordinary use is let through.
func TestHarmlessUseStaysBelowLimit(t *testing.T) {
	for _, text := range []string{
		`"/var/lib/app/x/y.db" rwk,`, `"/var/lib/app/" w,`, `"/var/log/app/app.log" w,`, `"/var/log/app.log" a,`, `"/var/cache/app/x" rw,`, `"/var/spool/app/x" rw,`,
		`"/sys/fs/cgroup/system.slice/app.service/memory.pressure" rw,`, `"/run/app.pid" rw,`, `"/run/openvpn/server.pid" rw,`, `"/run/fail2ban/fail2ban.pid" rw,`, `"/run/wpa_supplicant.wlan0.pid" w,`, `"/run/xtables.lock" rwk,`, `"/run/app/app.sock" rw,`, `"/run/app/" w,`, `"/run/lock/app" rwk,`, `"/run/utmp" rwk,`, `"/run/mysqld/mysqld.sock" rw,`, `"/run/php/php8.2-fpm.sock" rw,`,
		`"/run/postgresql/.s.PGSQL.5432" rw,`, `"/run/nscd/socket" rw,`, `"/run/avahi-daemon/socket" rw,`, `"/run/cups/cups.sock" rw,`, `"/run/dbus/system_bus_socket" rw,`,
		`"/run/systemd/notify" w,`, `"/run/systemd/journal/dev-log" w,`, `"/run/systemd/journal/socket" w,`, `"/run/systemd/userdb/io.systemd.DynamicUser" rw,`,
		`"/run/systemd/resolve/io.systemd.Resolve" rw,`, `"/run/systemd/resolve/stub-resolv.conf" r,`, `"/run/systemd/inhibit/1.ref" w,`, `"/run/systemd/users/1000" r,`, `"/run/udev/data/c1:3" r,`,
		`owner "/run/user/1000/bus" rw,`, `owner "/run/user/1000/dconf/user" rw,`, `owner "/run/user/1000/pulse/native" rw,`, `owner "/run/user/1000/pipewire-0" rw,`, `owner "/run/user/1000/" r,`,
		`"/tmp/x" rwk,`, `owner "/tmp/app-1/x" rw,`, `owner "/tmp/#*" rw,`, `"/var/tmp/x" rw,`, `"/srv/www/x" rw,`, `"/srv/www/*" r,`, `"/mnt/x/y" rw,`, `"/media/x/y" rw,`,
		`"/etc/app/app.conf" r,`, `"/etc/passwd" r,`, `"/etc/ssl/certs/x.pem" r,`, `"/etc/ssl/openssl.cnf" r,`, `"/etc/ld.so.cache" r,`, `"/etc/hosts" r,`,
		`"/usr/share/app/x" r,`, `"/usr/lib/x86_64-linux-gnu/x.so" rm,`, `"/usr/bin/app" rmix,`, `"/opt/app/x" r,`, `"/opt/app/logs/x" w,`,
		`"/dev/null" rw,`, `"/dev/urandom" r,`, `"/dev/random" rw,`, `"/dev/tty" rw,`, `"/dev/pts/0" rw,`, `"/dev/ptmx" rw,`, `"/dev/pts/*" rw,`, `"/dev/shm/x" rw,`, `"/dev/shm/*" rw,`, `"/dev/log" w,`,
		`"/dev/dri/card0" rw,`, `"/dev/nvidia0" rw,`, `"/dev/snd/pcmC0D0p" rw,`, `"/dev/video0" rw,`, `"/dev/ttyS0" rw,`, `"/dev/kvm" rw,`, `"/dev/net/tun" rw,`, `"/dev/fuse" rw,`, `"/dev/" r,`, `"/dev/rtc0" r,`,
		`"/dev/sr0" r,`, `"/dev/ptp0" rw,`, `"/dev/mqueue/x" rw,`, `"/dev/console" w,`, `"/dev/stdout" w,`,
		`"/proc/1/status" r,`, `"/proc/4711/fd/" r,`, `"/proc/meminfo" r,`, `"/proc/sys/kernel/osrelease" r,`, `"/proc/4711/oom_score_adj" w,`, `"/proc/4711/comm" w,`, `"/proc/4711/task/4712/comm" w,`,
		`"/proc/4711/maps" r,`, `"/proc/4711/cmdline" r,`, `"/proc/4711/environ" r,`, `"/proc/4711/root" r,`, `"/proc/4711/mountinfo" r,`, `"/proc/net/dev" r,`, `"/proc/4711/attr/current" r,`,
		`owner "@{PROC}/@{pid}/status" r,`, `"@{PROC}/@{pid}/task/@{tid}/stat" r,`, `"@{sys}/devices/system/cpu/online" r,`, `"/sys/fs/cgroup/x/memory.max" r,`, `"/sys/class/net/" r,`,
		`owner "@{HOME}/.cache/app/x" rw,`, `owner "@{HOME}/.cache/*" rw,`, `owner "@{HOME}/.local/share/app/x" rw,`, `owner "@{HOME}/.config/app/x" r,`, `owner "@{HOME}/x.txt" rw,`, `owner "@{HOME}/Documents/x" rw,`,
		`owner "/home/u/.config/pulse/cookie" rwk,`, `owner "/home/u/.config/dconf/user" r,`, `owner "/home/u/.bashrc" r,`, `owner "/home/u/.Xauthority" r,`, `owner "/home/u/.ICEauthority" r,`,
		`"/usr/share/fonts/truetype/.uuid.TMP-x" w,`, `"/var/lib/systemd/coredump/x" w,`, `"/var/lib/dhcp/dhclient.leases" rw,`, `"/var/mail/u" rw,`, `"/etc/mtab" r,`, `"/var/lib/dpkg/status" r,`,
		`capability net_bind_service,`, `capability setuid,`, `capability chown,`, `capability sys_nice,`, `capability kill,`, `capability net_admin,`, `capability dac_read_search,`,
		`network inet stream,`, `network netlink raw,`, `unix (receive, send) type=stream peer=(label="unconfined"),`, `unix (connect) type=stream peer=(label="x", addr="@x"),`,
		`signal (send) set=(term) peer="x",`, `ptrace (read) peer="x",`, `set rlimit nofile <= 65536,`, `set rlimit core <= 0,`, `set rlimit memlock <= infinity,`,
		`mount fstype=tmpfs options=(nodev, nosuid, rw) "tmpfs" -> "/run/app/m/",`, `mount fstype=fuse.sshfs options=(nodev, nosuid, rw) "u@h:" -> "/mnt/x/",`, `umount "/mnt/x/",`,
		`dbus (send) bus=system path="/org/freedesktop/DBus" interface="org.freedesktop.DBus" member="Hello" peer=(name="org.freedesktop.DBus", label="unconfined"),`,
		`dbus (send) bus=system path="/" interface="org.freedesktop.DBus.Properties" member="GetAll" peer=(name="org.freedesktop.systemd1", label="unconfined"),`,
		`dbus (send) bus=session path="/a" interface="org.freedesktop.Notifications" member="Notify" peer=(label="x"),`,
		`dbus (send) bus=system path="/org/freedesktop/login1" interface="org.freedesktop.login1.Manager" member="Inhibit" peer=(label="unconfined"),`,
		`dbus (receive) bus=session path="/" interface="a.b" member="M" peer=(label="l"),`, `dbus (bind) bus=session name="org.example.App",`,
	} {
		if level, why := danger(t, debian(), "", text); level >= limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// Two rules that are harmless one by one undo the confinement together: so one of
// each pair is not.
func TestHarmlessHalves(t *testing.T) {
	for _, text := range []string{
		`capability sys_admin,`, `capability mknod,`, `capability sys_boot,`, `capability sys_module,`,
		`mount options=(rbind) "/" -> "/tmp/x/",`, `mount options=(bind) "/etc/" -> "/tmp/x/",`, `mount options=(move) "/a/" -> "/tmp/x/",`, `mount options=(private) -> "/",`,
		`mount options=(remount, ro) -> "/tmp/x/",`, `mount fstype=proc options=(rw) "proc" -> "/tmp/x/",`, `mount fstype=ext4 options=(rw) "/dev/sda1" -> "/tmp/x/",`,
		`mount fstype=overlay options=(rw) "none" -> "/tmp/x/",`, `mount fstype=tmpfs options=(rw) "none" -> "/etc/",`, `mount fstype=tmpfs options=(rw) "none" -> "/**",`,
		`mount fstype=tmpfs options=(rw) "none" -> "/run/systemd/x/",`, `mount fstype=fuse options=(rw) "x" -> "/mnt/x/",`, `mount fstype=fusex options=(nodev, nosuid, rw) "x" -> "/mnt/x/",`,
		`mount fstype=tmpfs options=(rw) "none" -> "/home/u/.ssh/",`, `mount fstype=tmpfs options=(rw) "none" -> "/home/*/",`,
		`pivot_root oldroot="/tmp/x/old/" "/tmp/x/",`,
		`set rlimit nproc <= 0,`, `set rlimit nofile <= 3,`, `set rlimit as <= 1000,`, `set rlimit data <= 0,`, `set rlimit stack <= 4096,`, `set rlimit fsize <= 0,`,
		`set rlimit memlock <= 0,`, `set rlimit cpu <= 1,`, `set rlimit sigpending <= 0,`, `set rlimit rttime <= 1,`, `set rlimit msgqueue <= 0,`,
		`io_uring (override_creds) label="unconfined",`,
		`unix (connect) type=stream peer=(addr="@/containerd-shim/x.sock"),`, `unix (connect, send) type=stream peer=(label="unconfined", addr="@/**"),`,
	} {
		if level, why := danger(t, debian(), "", text); level < 9 {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// A session has a service manager, as the system has.
func TestMessagesOnEitherBus(t *testing.T) {
	for _, bus := range []string{"session", "system"} {
		for _, message := range []string{
			`path="/org/freedesktop/systemd1" interface="org.freedesktop.systemd1.Manager" member="StartTransientUnit" peer=(label="unconfined"),`,
			`path="/" interface="a.b" member="x" peer=(name="org.freedesktop.systemd1", label="unconfined"),`,
			`path="/**" interface="**" member="**" peer=(label="**"),`, `path="/a" interface="org.*" member="Start*" peer=(label="x"),`,
			`path="/a" interface="a.b" member="*" peer=(label="x"),`, `path="/a" interface="org.freedesktop.systemd1.Unit" member="Restart" peer=(label="x"),`,
			`path="/a" interface="org.freedesktop.Flatpak.Development" member="HostCommand" peer=(label="x"),`,
			`path="/a" interface="org.gnome.Shell" member="Eval" peer=(label="x"),`, `path="/a" interface="org.freedesktop.machine1.Manager" member="OpenMachineShell" peer=(label="x"),`,
			`path="/a" interface="org.freedesktop.DBus" member="UpdateActivationEnvironment" peer=(label="x"),`,
			`path="/a" interface="org.freedesktop.PackageKit.Transaction" member="InstallFiles" peer=(label="x"),`,
			`path="/org/freedesktop/systemd1" interface="org.freedesktop.DBus.Properties" member="Set" peer=(label="x"),`,
		} {
			text := "dbus (send) bus=" + bus + " " + message
			if level, why := danger(t, debian(), "", text); level < 9 {
				t.Errorf("%s: %d, %s", text, level, why)
			}
		}
	}
}

// A key is one wherever a service keeps it, and so is a password that others know.
func TestKeysWhereverTheyLie(t *testing.T) {
	for _, text := range []string{
		`"/srv/certs/mail.key" r,`, `"/opt/shop/ssl/shop.key" r,`, `"/opt/shop/tls/private/shop.pem" r,`, `"/usr/local/etc/pki/tls/web.key" r,`,
		`"/var/lib/caddy/certificates/ca/example.org/example.org.key" r,`, `"/var/lib/postgresql/16/main/server.key" r,`, `"/data/pg/server.key" r,`,
		`"/var/lib/opendkim/keys/2026.private" r,`, `"/var/lib/rspamd/dkim/2026.key" r,`, `"/var/cache/bind/Kexample.org.+013+01234.private" r,`,
		`"/var/lib/tor/onion/hs_ed25519_secret_key" r,`, `"/var/lib/tor/onion/private_key" r,`, `"/srv/agent/agent.psk" r,`,
		`"/etc/apt/auth.conf" r,`, `"/etc/apt/auth.conf.d/mirror.conf" r,`, `"/etc/samba/smbpasswd" r,`, `"/etc/mosquitto/passwd" r,`, `"/etc/nut/upsd.users" r,`,
		`"/etc/dovecot/dovecot-sql.conf.ext" r,`, `"/etc/krb5kdc/stash" r,`, `"/etc/sssd/conf.d/x.conf" r,`, `"/etc/letsencrypt/archive/example.org/privkey1.pem" r,`,
		`"/etc/letsencrypt/accounts/a/directory/b/private_key.json" r,`, `"/etc/letsencrypt/dns.ini" r,`, `"/etc/letsencrypt/**" r,`, `"/etc/letsencrypt/archive/example.org/*" r,`,
		`"/etc/letsencrypt/archive/example.org/fullchain1.pem" w,`, `"/var/lib/sss/db/cache_example.org.ldb" r,`, `"/var/lib/sss/mc/passwd" w,`, `"/var/lib/sss/pipes/private/pam" rw,`,
		`"/var/lib/kubelet/pki/kubelet.pem" r,`, `"/var/lib/rancher/k3s/server/token" r,`, `"/var/lib/pve-cluster/config.db" rw,`, `"/var/lib/ceph/mon/a/keyring" r,`,
		`"/var/lib/jenkins/secrets/master.key" r,`, `"/var/lib/libvirt/qemu/domain-1-x/master-key.aes" r,`,
		`"/var/lib/docker/overlay2/a/diff/etc/shadow" r,`, `"/var/lib/containerd/x" r,`, `"/var/lib/containers/storage/overlay/a/diff/x" r,`,
	} {
		if level, why := danger(t, debian(), "", text); level < limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// What one service writes and another one runs is a way out.
func TestWhatAnotherServiceRuns(t *testing.T) {
	for _, text := range []string{
		`"/var/lib/zabbix/externalscripts/x" w,`, `"/var/lib/jenkins/init.groovy.d/x.groovy" w,`, `"/var/lib/jenkins/plugins/x.jpi" w,`, `"/var/lib/pcp/pmdas/x/pmdax" w,`,
		`"/var/lib/cfengine3/inputs/promises.cf" w,`, `"/var/ossec/active-response/bin/x" w,`, `"/srv/git/x.git/hooks/post-receive" w,`, `"/srv/x/.git/hooks/pre-commit" w,`,
		`"/run/gdm3/custom.conf" w,`, `"/srv/x/.git/config" w,`, `"/run/asterisk/asterisk.ctl" rw,`, `"/var/lib/libvirt/qemu/snapshot/x/1.xml" w,`, `"/var/lib/libvirt/qemu/save/x.save" w,`, `"/var/lib/libvirt/qemu/*" w,`, `"/var/lib/libvirt/dnsmasq/default.conf" w,`,
	} {
		if level, why := danger(t, debian(), "", text); level < limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// A system that is mounted somewhere, or the files of the host that a container sees,
// hold what the own one holds.
func TestAnotherRoot(t *testing.T) {
	for _, root := range []string{"/mnt", "/mnt/root", "/target", "/host", "/newroot", "/srv/chroot/sid", "/run/media/u/disk", "/var/lib/snapd/hostfs", "/srv/backup/host"} {
		for _, text := range []string{
			`/etc/shadow" r,`, `/etc/gshadow-" r,`, `/etc/shadow" rw,`, `/etc/ssh/ssh_host_rsa_key" r,`, `/etc/sudoers" w,`, `/etc/sudoers.d/x" w,`, `/etc/passwd" w,`,
			`/etc/apparmor.d/x" w,`, `/etc/cron.d/x" w,`, `/etc/systemd/system/x.service" w,`, `/etc/ld.so.preload" w,`, `/etc/**" w,`, `/**" r,`, `/etc/*" r,`,
		} {
			if level, why := danger(t, debian(), "", `"`+root+text); level < limit {
				t.Errorf("%s%s: %d, %s", root, text, level, why)
			}
		}
	}
}

// Who writes what has the trust of the kernel, chooses the rules that are made of it.
func TestLogsThatAreBelieved(t *testing.T) {
	for _, text := range []string{
		`"/var/log/audit/audit.log" w,`, `"/var/log/audit/audit.log" a,`, `"/var/log/audit/audit.log.1" rw,`, `"/var/log/audit/" w,`, `"/var/log/audit/*" w,`,
		`"/var/log/journal/x/system.journal" rw,`, `"/run/log/journal/x/system.journal" rw,`, `"/var/log/**" w,`, `"/var/log/*/*" w,`, `"/var/log/aud*/x" w,`,
		`link "/srv/x" -> "/var/log/audit/audit.log",`,
	} {
		if level, why := danger(t, debian(), "", text); level < 9 {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
	for _, text := range []string{`"/var/log/app/x.log" w,`, `"/var/log/syslog" w,`, `"/var/log/audit/audit.log" r,`, `"/var/log/journal/x/system.journal" r,`} {
		if level, why := danger(t, debian(), "", text); level >= limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// What people add most often, that gives nothing away.
func TestWhatPeopleAdd(t *testing.T) {
	for _, text := range []string{
		`"/etc/letsencrypt/live/example.org/fullchain.pem" r,`, `"/etc/letsencrypt/archive/example.org/fullchain12.pem" r,`, `"/etc/letsencrypt/archive/example.org/chain1.pem" r,`,
		`"/etc/letsencrypt/live/example.org/" r,`, `"/etc/letsencrypt/options-ssl-nginx.conf" r,`, `"/etc/letsencrypt/ssl-dhparams.pem" r,`,
		`"/var/lib/sss/mc/passwd" r,`, `"/var/lib/sss/mc/initgroups" r,`, `"/var/lib/sss/pipes/nss" rw,`, `"/var/lib/sss/pubconf/krb5.include.d/x" r,`,
		`"/dev/bus/usb/001/002" r,`, `"/dev/bus/usb/" r,`, `"/dev/vfio/vfio" rw,`, `"/dev/sgx_enclave" rw,`, `"/dev/sgx_vepc" rw,`, `"/dev/ntsync" rw,`, `"/dev/accel/accel0" rw,`, `"/dev/rfcomm0" rw,`, `"/dev/xconsole" w,`,
		`owner "/run/user/1000/#878" rw,`, `owner "/run/user/1000/ICEauthority-l" rwl,`, `owner "@{HOME}/.config/#1234" rw,`, `owner "@{HOME}/.local/share/#1234" rw,`, `owner "@{HOME}/.config/kde.org/UserFeedback.org.kde.dolphin.conf" rwk,`,
		`"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor" w,`, `"/sys/devices/system/cpu/cpufreq/policy0/energy_performance_preference" w,`,
		`"/var/lib/libvirt/images/x.qcow2" rwk,`, `"/var/lib/libvirt/qemu/channel/target/x" rw,`, `"/var/lib/libvirt/qemu/nvram/x_VARS.fd" rwk,`, `"/var/lib/libvirt/dnsmasq/default.leases" rw,`, `"/var/lib/libvirt/dnsmasq/virbr0.status" rw,`,
		`"/var/lib/unbound/root.key" rw,`, `"/run/named/session.key" rw,`, `"/etc/bind/bind.keys" r,`, `"/usr/share/dns/root.key" r,`, `"/srv/certs/mail.crt" r,`, `"/srv/certs/fullchain.pem" r,`,
		`"/var/lib/docker/volumes/x/_data/y" rw,`, `owner "@{HOME}/.nv/GLCache/x/y.bin" rwk,`, `owner "/tmp/hsperfdata_u/123" rw,`, `"/var/lib/snapd/hostfs/usr/share/fonts/x.ttf" r,`,
		`"/var/log/mysql/*" rw,`, `"/var/lib/redis/*" rw,`, `"/srv/domain/*" r,`, `"/srv/www/*" rw,`, `"/var/lib/server/*" r,`, `"/srv/docker-data/*" rw,`,
		`"/var/spool/postfix/etc/resolv.conf" rw,`, `"/mnt/etc/hosts" r,`, `"/srv/git/x.git/objects/pack/x.pack" rw,`, `"/srv/chroot/sid/etc/passwd" r,`,
	} {
		if level, why := danger(t, debian(), "", text); level >= limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// A harmless path that another row takes back would only look like an exception.
func TestHarmlessPathsTakeEffect(t *testing.T) {
	n := 0
	for _, h := range harmlessPaths {
		if strings.Contains(h.why, "row of its own") || strings.Contains(h.why, "rows of their own") {
			continue
		}
		for _, path := range withoutBraces(strings.ReplaceAll(h.pattern, "@{HOME}", "/home/u")) {
			f := File{Owner: true, Path: Pattern{strings.NewReplacer("**", "x", "*", "7").Replace(path)}, Access: Read}
			if h.access == "rw" {
				f.Access |= Write
			}
			n++
			if level, why := f.danger(debian()); level >= limit {
				t.Errorf("%s: %d, %s", f.Path, level, why)
			}
		}
	}
	t.Logf("%d paths", n)
}
