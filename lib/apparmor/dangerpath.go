package apparmor

// What an access does, as far as its danger goes. execute stands beside those of
// FileAccess for any Exec.
const (
	execute = Mmap << 1
	reading = Read | Mmap
	writing = Write | Append | MakeLink
)

// fileDangers are the levels of files that are nothing special: of rules with one
// of the accesses any and, if there are some, one of and.
var fileDangers = []struct {
	any, and FileAccess
	level    uint8
	why      string
}{
	{reading, 0, 1, "reads a file"},
	{Lock, 0, 1, "locks a file"},
	{writing, 0, 2, "writes a file"},
	{writing, Mmap | execute, 7, "writes and runs the same file"},
}

// pathDanger is what an access to some paths gives away beside one file.
type pathDanger struct {
	pattern           string
	read, write, exec uint8 // 0: nothing special
	what              string
}

// pathDangers: a rule has the highest level of all rows that its pattern can
// match, of these, of socketDangers, of homeDangers, of stateDangers and of the areas. In all of
// them {one,other} stands for several rows, "@{HOME}" for the folder of any user,
// root among them, and /run for /var/run as well; a row behind "owner " is for
// rules with owner, one behind "other " for those without.
var pathDangers = []pathDanger{
	// What confines.
	{"/etc/apparmor{,.d}/**", 0, 10, 0, "the AppArmor policy"},
	{"/usr/share/apparmor/**", 0, 10, 0, "the AppArmor policy"},
	{"/var/{cache,lib}/apparmor/**", 0, 10, 0, "the AppArmor policy"},
	{"/var/lib/snapd/apparmor/**", 0, 10, 0, "the AppArmor policy"},
	{"/run/apparmor*/**", 0, 10, 0, "the AppArmor policy"},
	{"/sys/kernel/security/**", 2, 10, 0, "the interface of the security modules"},
	{"/sys/module/apparmor/**", 0, 10, 0, "the interface of the security modules"},
	{"/proc/*/attr/**", 2, 7, 0, "the confinement of processes"},
	{"/proc/*/task/*/attr/**", 2, 7, 0, "the confinement of processes"},

	// Other names for any file: what a process has for its root, its folder or
	// its open files.
	{"/proc/*/{root,cwd}/**", 9, 10, 9, "any file, by another name"},
	{"/proc/*/task/*/{root,cwd}/**", 9, 10, 9, "any file, by another name"},
	{"/proc/*/{fd,map_files}/*/**", 9, 10, 9, "any file, by another name"},
	{"/proc/*/task/*/fd/*/**", 9, 10, 9, "any file, by another name"},
	{"/proc/*/fd/*", 5, 9, 9, "the open files of processes"},
	{"/proc/*/map_files/*", 7, 9, 9, "the open files of processes"},
	{"/proc/*/task/*/fd/*", 5, 9, 9, "the open files of processes"},
	{"/proc/*/exe", 0, 9, 7, "the program of a process"},
	{"/dev/fd/*/**", 9, 10, 9, "any file, by another name"},
	{"/.{snapshots,zfs}/**", 7, 9, 7, "any file, by another name"},
	{"/{var/lib/machines,run/host,sysroot,rootfs,host,hostfs,newroot,oldroot,run/rootfsbase,lib/live/mount,var/lib/{lxc,lxd,incus}/**/rootfs}/**", 7, 9, 7, "the files of another system"},
	{"/var/lib/docker/{overlay,overlay2,aufs,btrfs,devicemapper,vfs,zfs,fuse-overlayfs,windowsfilter,containers}/**", 7, 9, 7, "the files of another system"},
	{"/var/lib/{containerd,containers/storage}/**", 7, 9, 7, "the files of another system"},
	{"/var/lib/snapd/hostfs/{etc,root,home,proc,sys,dev,run,boot,var}/**", 7, 9, 7, "any file, by another name"},
	{"/var/lib/snapd/hostfs/**", 0, 9, 0, "any file, by another name"},

	// The kernel and the memory.
	{"/dev/{mem,kmem,oldmem,port}", 9, 10, 0, "the memory"},
	{"/dev/{snapshot,crash,pmem*,dax*/**,dax*}", 9, 10, 0, "the memory"},
	{"/dev/cpu/**", 8, 10, 0, "the registers of the processor"},
	{"/proc/{kcore,vmcore}", 9, 10, 0, "the memory"},
	{"/proc/kpage*", 7, 9, 0, "which memory holds what"},
	{"/sys/firmware/{memmap,efi/efivars,dmi/tables,acpi/tables}/**", 2, 9, 0, "the firmware"},
	{"/sys/kernel/debug/**", 7, 9, 0, "the inside of the kernel"},
	{"/sys/kernel/{tracing,debug/tracing}/**", 7, 10, 0, "what the kernel and all processes do"},
	{"/sys/fs/{bpf,pstore}/**", 5, 9, 0, "programs in the kernel, and its last words"},
	{"/sys/devices/**/{config,resource*,rom,vpd}", 2, 10, 0, "the registers of devices"},
	{"/sys/bus/**/{config,resource*,rom,vpd}", 2, 10, 0, "the registers of devices"},
	{"/proc/*/mem", 8, 9, 0, "the memory of processes"},
	{"/proc/*/task/*/mem", 8, 9, 0, "the memory of processes"},
	{"/proc/*/{pagemap,stack,syscall,auxv,maps,smaps}", 3, 9, 0, "where processes have their memory"},
	{"/proc/sys/kernel/{core_pattern,modprobe,hotplug,poweroff_cmd}", 0, 10, 0, "a program that the kernel runs"},
	{"/proc/sys/fs/binfmt_misc/**", 0, 10, 0, "programs that the kernel runs"},
	{"/sys/kernel/uevent_helper", 0, 10, 0, "a program that the kernel runs"},
	{"/sys/fs/cgroup/{,**/}release_agent", 0, 10, 0, "a program that the kernel runs"},
	{"/sys/fs/cgroup/{,**/}{cgroup.procs,tasks,cgroup.threads,devices.allow}", 0, 9, 0, "the bounds of processes"},
	{"/proc/{kallsyms,modules,iomem,ioports}", 4, 9, 0, "addresses of the kernel"},
	{"/dev/kmsg", 3, 4, 0, "the log of the kernel"},
	{"/proc/kmsg", 3, 9, 0, "the log of the kernel"},

	// Who may do what.
	{"/etc/{shadow,gshadow,.shadow}*", 7, 10, 0, "the passwords"},
	{"/etc/tcb/**", 7, 10, 0, "the passwords"},
	{"/etc/{,**/}*opasswd*", 7, 9, 0, "the passwords"},
	{"/var/backups/{shadow,gshadow,opasswd}*", 7, 8, 0, "the passwords"},
	{"/var/cache/debconf/passwords.dat*", 7, 9, 0, "the passwords"},
	{"/etc/{sudoers,doas.conf}*", 4, 10, 0, "who becomes root"},
	{"/etc/sudoers.d/**", 4, 10, 0, "who becomes root"},
	{"/etc/ssh/**", 2, 9, 0, "who may log in"},
	{"/etc/ssh/ssh_host_*key", 8, 9, 0, "the keys of the host"},
	{"/etc/{,**/}*.{key,p12,pfx,jks,keystore,keytab,pkcs12,kdbx}", 8, 9, 0, "the keys of the host"},
	{"/etc/{,**/}*{privkey,private,secret}*", 7, 9, 0, "the keys of the host"},
	{"/etc/{,**/}{private,secrets,keys,private_keys,privkeys}/**", 8, 9, 0, "the keys of the host"},
	{"/etc/{,**/}*{key,cert}.pem", 7, 9, 0, "the keys of the host"},
	{"/etc/{wireguard,cryptsetup-keys.d,credstore,credstore.encrypted,luks,ipsec.d/private,swanctl/private,bind/keys,tinc,pki/tls/private,ceph}/**", 8, 9, 0, "the keys of the host"},
	{"/etc/{kubernetes,rancher,samba/private,vault.d,consul.d,nomad.d,puppetlabs/puppet/ssl,puppet/ssl,salt/pki,iscsi/nodes}/**", 7, 9, 0, "the keys of the host"},
	{"/etc/{freeradius,raddb,openvpn}/**", 7, 9, 0, "the keys of the host"},
	{"/etc/{krb5.keytab,ipsec.secrets,machine-key,rndc.key,dnssec-trigger,.git-credentials,.netrc,davfs2/secrets,fstab.cred*,smbcredentials*,credentials*}", 8, 9, 0, "the keys of the host"},
	{"/etc/{NetworkManager/system-connections,netplan,wpa_supplicant,iwd,ppp/peers}/**", 7, 9, 0, "the passwords of networks"},
	{"/etc/ppp/*-secrets", 7, 9, 0, "the passwords of networks"},
	{"/etc/{mysql/debian.cnf,libnss-ldap.secret,pam_ldap.secret,nslcd.conf,ldap.secret,sssd/sssd.conf,postfix/sasl_passwd*,exim4/passwd*,msmtprc}", 7, 9, 0, "the passwords of services"},
	{"/etc/{ssmtp/ssmtp.conf,snmp/snmpd.conf,redis/*.acl}", 7, 9, 0, "the passwords of services"},
	{"/etc/{samba/smbpasswd*,nut/upsd.users,mosquitto/passw*,ddclient.conf*,dovecot/*sql*,dovecot/*ldap*}", 7, 9, 0, "the passwords of services"},
	{"/etc/{sssd,krb5kdc,bareos,bacula,pve/priv}/**", 7, 9, 0, "the passwords of services"},
	{"/run/{secrets,credentials,systemd/credentials,agenix,secrets.d,keys}/**", 7, 9, 0, "the passwords of services"},
	{"/run/NetworkManager/system-connections/**", 7, 9, 0, "the passwords of networks"},
	{"/var/lib/{NetworkManager/secret_key,iwd,bluetooth,connman}{,/**}", 7, 9, 0, "the passwords of networks"},
	{"/var/lib/{samba/private,ipa,krb5kdc,heimdal-kdc,ldap,tpm,swtpm-localca,letsencrypt,acme,acme-challenge-keys}{,/**}", 7, 9, 0, "the passwords and keys of the host"},
	{"/var/lib/{systemd/credential.secret,vault,private/systemd}{,/**}", 7, 9, 0, "the passwords and keys of the host"},
	{"/var/lib/{etcd,consul,nomad,teleport}/**", 7, 8, 0, "the passwords and keys of a cluster"},
	{"/var/lib/{kubelet,rancher,pve-cluster,corosync,glusterd}/**", 7, 9, 0, "the passwords and keys of a cluster"},
	{"/var/lib/{ceph/{,**/}*keyring*,libvirt/qemu/*/master-key*,netdata/cloud.d/**,jenkins/{secrets/**,secret*,credentials*}}", 7, 7, 0, "the passwords and keys of a service"},
	{"/var/lib/{zabbix/{external,alert}scripts,jenkins/{plugins,init.groovy.d,nodes},rundeck,cobbler,awx,gitlab-runner,pcp/pmdas,cfengine3,rudder}/**", 0, 8, 0, "what a service runs"},
	{"/var/opt/{,**/}{bin,sbin,lib,lib64,libexec}/**", 0, 8, 0, "programs that everybody runs"},
	{"/var/{cfengine,ossec,rudder}/**", 0, 9, 0, "what administers the system"},
	{"/var/{heimdal,kerberos}/**", 7, 9, 0, "the passwords and keys of the host"},
	{"/var/lib/systemd/{coredump,random-seed}{,/**}", 5, 2, 0, "the memory of programs that failed"},
	{"/var/{crash,lib/apport}/**", 5, 3, 0, "the memory of programs that failed"},

	// Reasons for what the areas have as well.
	{"/etc/{passwd,subuid}*", 0, 9, 0, "the users"},
	{"/etc/{group,subgid}*", 0, 9, 0, "the groups"},
	{"/etc/{pam.conf,login.defs,nsswitch.conf,shells,securetty,hosts.equiv}", 0, 9, 0, "who may log in"},
	{"/etc/{pam.d,security}/**", 0, 9, 0, "who may log in"},
	{"/{etc,usr/share,usr/local/share}/polkit-1/**", 0, 9, 0, "who becomes root"},
	{"/etc/{cron,anacrontab,logrotate}*{,/**}", 0, 9, 0, "what runs at set times"},
	{"/etc/{fstab,crypttab,mdadm,lvm,exports}{,/**}", 0, 9, 0, "what is mounted"},
	{"/etc/{inittab,rc,init}*{,/**}", 0, 9, 0, "what the system starts"},
	{"/{etc,lib,usr/lib,usr/local/lib}/systemd/**", 0, 9, 0, "what the system starts"},
	{"/{etc,lib,usr/lib,usr/local/lib}/udev/**", 0, 9, 0, "what devices start"},
	{"/{etc,usr/share,usr/local/share}/dbus-1/**", 0, 9, 0, "what the bus starts, and who may use it"},
	{"/{lib,usr/lib}/{modules,firmware}/**", 0, 9, 0, "what the kernel loads"},
	{"/etc/{modules,modprobe,modules-load}*{,/**}", 0, 9, 0, "what the kernel loads"},
	{"/etc/ld.so*{,/**}", 0, 9, 0, "what every program loads"},
	{"/usr/{,local/}lib*/**", 0, 9, 0, "what every program loads"},
	{"/usr/{,local/}{bin,sbin,games}/**", 0, 9, 0, "programs that everybody runs"},
	{"/etc/{profile,bash,zsh,csh,environment}*{,/**}", 0, 9, 0, "what every login runs"},
	{"/dev/{sd,hd,vd,xvd,nvme,mmcblk,dm-,md,nbd,rbd,zd,drbd,mtd,ubi,zram,pmem,bcache,dasd,cciss,ida}*", 8, 9, 0, "a disk"},
	{"/dev/sg{0,1,2,3,4,5,6,7,8,9}*", 8, 9, 0, "a disk"},
	{"/dev/{mapper,disk,block,zvol,drbd,raw,bsg,md,vg*,ubuntu-vg,debian-vg}/**", 8, 9, 0, "a disk"},

	// Programs that run as root whoever starts them.
	{"/**/{su,sudo,sudoedit,doas,pkexec,run0,passwd,chsh,chfn,gpasswd,newgrp,sg,mount,umount,fusermount,fusermount3,newuidmap,newgidmap,crontab,at}", 0, 0, 6, "a setuid program"},
	{"/**/{chage,expiry,ssh-keysign,unix_chkpwd,dbus-daemon-launch-helper,polkit-agent-helper-1,snap-confine,Xorg.wrap,pppd,bwrap,staprun,ntfs-3g}", 0, 0, 6, "a setuid program"},
	{"/**/apparmor_parser", 0, 0, 8, "the program that loads the policy"},
	{"/**/{aa-exec,nsenter,unshare,setpriv,capsh,chroot,systemd-run,machinectl,runuser}", 0, 0, 6, "a program that changes what confines it"},
	{"/**/{insmod,modprobe,kmod,kexec}", 0, 0, 6, "a program that loads kernel modules"},
	{"/etc/init.d/**", 0, 9, 5, "what the system starts"},

	// Programs that run what they are told.
	{"/**bin/*sh", 0, 0, 4, "a shell"},
	{"/**bin/{python,perl,ruby,node,lua,php,tclsh,gdb,awk,gawk,mawk}*", 0, 0, 4, "an interpreter"},
	{"/**bin/{busybox,toybox,env,xargs,find}", 0, 0, 4, "a shell"},
	{"/**/{ld-linux*,ld.so,ld-musl*}", 0, 0, 5, "the loader, which runs any program"},

	// Devices.
	{"/dev/loop*", 8, 9, 0, "a disk"},
	{"/dev/{input/**,hidraw*,usbmon*}", 8, 9, 0, "what is typed"},
	{"/dev/{uinput,uhid}", 7, 9, 0, "what is typed"},
	{"/dev/{vcs,vcsa,vcsu,fb}*", 8, 9, 0, "what a screen shows"},
	{"/dev/{video,media,v4l-subdev,vbi,dvb,v4l/,dvb/}**", 5, 5, 0, "what a camera sees"},
	{"/dev/snd/**", 4, 4, 0, "what a microphone hears"},
	{"/dev/{dri,accel}/**", 3, 4, 0, "the graphics card"},
	{"/dev/{nvidia,kfd}*", 3, 4, 0, "the graphics card"},
	{"/dev/{kvm,vhost-net,vhost-vsock,vsock,sev,sgx_}*", 3, 4, 0, "virtual machines"},
	{"/dev/{sr,cdrom,dvd,scd}*", 4, 9, 0, "a disc"},
	{"/dev/pts/*", 4, 6, 0, "the terminal of a user"},
	{"/dev/{ttyS,ttyUSB,ttyACM,ttyAMA,hvc,rfcomm}*", 4, 5, 0, "a serial line"},
	{"/dev/{console,tty0,tty1,tty2,tty3,tty4,tty5,tty6,tty7,tty8,tty9}*", 4, 6, 0, "the terminal of a user"},
	{"/dev/{tpm,tpmrm}*", 7, 9, 0, "the keys of the host"},
	{"/dev/{net/tun,ppp,fuse}", 2, 4, 0, "a way to the network or to a file system"},
	{"/dev/{lp,usb/lp,parport}*", 2, 3, 0, "a printer"},

	// Buses and sound, which many talk to.
	{"/run/user/*/{,**/}{bus,dbus-session}", 0, 5, 0, "the bus of a user's session"},
	{"/run/user/*/{pulse/native,pipewire-*}", 0, 5, 0, "what a microphone hears"},
	{"/run/dbus/system_bus_socket", 0, 4, 0, "the system's bus"},

	// The rest of what an administrator keeps an eye on.
	{"other /root/**", 4, 6, 0, "the files of root"},
	{"other /home/**", 3, 4, 0, "the files of a user"},
	{"owner @{HOME}/**", 2, 3, 0, "the files of its user"},
	{"/var/log/**", 3, 5, 0, "the logs"},
	{"/var/{mail,spool/mail}/**", 5, 5, 0, "the mail of users"},
	{"/proc/*/environ", 4, 9, 0, "the environment of processes"},
	{"/proc/*/{cmdline,status,stat,comm}", 1, 2, 0, "the state of processes"},
}
