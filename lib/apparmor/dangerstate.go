package apparmor

// stateDangers are what services keep below /var, /run and /srv and obey, or what
// others believe of it; and files that mean the same wherever they lie, as in a
// chroot.
var stateDangers = []pathDanger{
	// Who is a user: the databases of libnss-extrausers, nss_db and NIS, and the
	// cache that nscd shares with every program.
	{"/var/lib/extrausers/{shadow,gshadow}*", 7, 10, 0, "the passwords"},
	{"/var/{db,lib/misc,lib/nss_db}/{shadow,gshadow}*", 7, 10, 0, "the passwords"},
	{"/var/{lib/extrausers,lib/nss_db,yp}/**", 0, 9, 0, "the users"},
	{"/var/{db,lib/misc}/*.db", 0, 9, 0, "the users"},
	{"/var/{cache,db,lib}/nscd/**", 0, 9, 0, "the users"},
	{"/run/nscd/{passwd,group,db}*", 0, 9, 0, "the users"},
	{"/run/{ldapi,slapd/ldapi,munge/munge.socket*}", 2, 8, 0, "who may log in"},

	// What root, or a daemon that is root, runs of its state.
	{"/var/lib/{kdump,ip6tables,portage,amanda,dehydrated,vim,slurm*,condor,nagios/.ssh}/**", 0, 9, 0, "what the system runs"},
	{"/var/spool/{slurm*,torque,pbs,gridengine,condor,uucp}/**", 0, 9, 0, "what runs as others"},
	{"/var/{chef,salt,puppet,cfengine}/**", 0, 9, 0, "what administers the system"},
	{"/var/cache/{salt,puppet,chef}/**", 0, 9, 0, "what administers the system"},
	{"/srv/{salt,pillar,formulas,spm,reactor,puppet,chef}/**", 0, 9, 0, "what administers the system"},
	{"/{srv,var/lib}/{tftp*,pxe*}/**", 0, 8, 0, "what other hosts boot"},
	{"/var/db/{pkg,repos,sudo,paludis}/**", 0, 9, 0, "what the system has installed and starts"},
	{"/var/lib/texmf/**", 0, 8, 0, "programs that a user runs"},
	{"/{srv,var/lib,var/opt,var/local,mnt,media,data}/{,**/}{hooks/{pre,post,update,reference}*,*.git/hooks/*,.git/config}", 0, 8, 0, "what git runs"},
	{"/var/lib/libvirt/dnsmasq/*.conf", 0, 9, 0, "what a service runs"},
	{"/var/lib/{gdm,gdm3,lightdm,sddm}/.local/share/{gnome-shell,applications,systemd,dbus-1,kwin,plasma}/**", 0, 9, 0, "what a login screen runs"},
	{"/run/{gdm,gdm3}/custom.conf", 0, 9, 0, "who may log in"},
	{"/run/{credstore,credstore.encrypted}/**", 7, 9, 0, "what the system starts and obeys"},
	{"/run/{current-system,booted-system,wrappers}{,/**}", 0, 9, 0, "programs that everybody runs"},
	{"/{run,var/tmp}/{spdk*,firecracker*,cloud-hypervisor*,cilium}{,/**}", 3, 9, 0, "a socket that is as good as root"},
	{"/var/lib/ubuntu-advantage/**", 0, 9, 0, "what the system installs and loads"},
	{"/var/lib/samba/{netlogon,sysvol,printers}/**", 0, 8, 0, "what other hosts run"},
	{"/var/lib/{backuppc,urbackup,bacula,bareos,burp,borg}/**", 0, 7, 0, "what the system goes back to"},
	{"/{timeshift,backup*,srv/backup*}/**", 0, 7, 0, "what the system goes back to"},
	{"/run/{qubes/**,pesign/socket}", 2, 8, 0, "what administers the system"},
	{"/run/user/*/at-spi/**", 2, 5, 0, "the bus of a user's session"},

	// What sl itself, and whoever looks into an intrusion, takes for the kernel's word.
	{"/var/log/{audit,journal}{,/**}", 3, 9, 0, "what is believed to be the kernel's"},

	// Keys and passwords of services.
	{"/**/*{server,client,private,ssl,tls,host,node,cert,peer,tsig,domain,www,sign,web,mok,mail,ldap,redis,mysql,api,auth,crypt}*.key", 7, 7, 0, "the keys of a service"},
	{"/**/*.priv", 7, 7, 0, "the keys of a service"},
	{"/usr/share/secureboot/keys/**", 8, 9, 0, "the keys of the host"},
	{"/**/.{htpasswd*,env}", 7, 7, 0, "the passwords of a service"},
	{"/{,boot/}crypto_keyfile*", 8, 9, 0, "the keys of the disks"},
	{"/run/cryptsetup-keys.d/**", 8, 9, 0, "the keys of the disks"},
	{"/etc/{racoon,dropbear,pki/nssdb,dhcp/ddns-keys}/**", 7, 9, 0, "the keys of the host"},
	{"/etc/{corosync/authkey,pacemaker/authkey,ha.d/authkeys,initrd.keys}", 7, 9, 0, "the keys of the host"},
	{"/etc/{apt/auth.conf,wpa_supplicant*.conf,cifs-credentials,master.passwd,nshadow}", 7, 9, 0, "the passwords of services"},
	{"/etc/apt/auth.conf.d/**", 7, 9, 0, "the passwords of services"},
	{"/var/lib/{shim-signed/mok,sbctl/keys,kubelet/pki,tor}/{,**/}*{priv,key,secret}*", 8, 9, 0, "the keys of the host"},
	{"/var/lib/{kubelet/kubeconfig,rancher/{,**/}{token,passwd,*.kubeconfig},zerotier-one/*.secret,snmp/snmpd.conf}", 7, 9, 0, "the keys of the host"},
	{"/var/lib/cloud/{,**/}user-data*", 7, 9, 0, "the passwords of services"},
	{"/run/cloud-init/*sensitive*", 7, 9, 0, "the passwords of services"},
	{"/run/{containers/*,user/*/containers}/auth.json", 8, 9, 0, "the passwords of services"},

	// The same tree below another folder: a chroot, a rescued disk, another mount.
	{"/**/etc/{shadow,gshadow,master.passwd}*", 7, 9, 0, "the passwords of another root folder"},
	{"/**/etc/{passwd,group,sudoers,ld.so.preload,crontab,nsswitch.conf}", 0, 9, 0, "who may do what below another root folder"},
	{"/**/etc/{sudoers.d,cron.d,pam.d}/**", 0, 9, 0, "who may do what below another root folder"},
	{"/**/proc/{sysrq-trigger,sys/kernel/{core_pattern,modprobe,hotplug,poweroff_cmd},sys/fs/binfmt_misc/**}", 0, 9, 0, "a program that the kernel runs"},
	{"/**/proc/{kcore,vmcore}", 8, 9, 0, "the memory"},
	{"/**/proc/*/{mem,attr/**}", 8, 9, 0, "the memory and the confinement of processes"},
	{"/**/proc/*/{root,cwd}/**", 8, 9, 8, "any file, by another name"},
	{"/**/sys/kernel/{security/**,uevent_helper,debug/**,tracing/**}", 0, 9, 0, "the inside of the kernel"},
	{"/**/release_agent", 0, 9, 0, "a program that the kernel runs"},
	{"/**/dev/{mem,kmem,port}", 8, 9, 0, "the memory"},
	{"/**/dev/{sda,sdb,sdc,sdd,hda,vda,vdb,xvda,nvme,mmcblk,dm-,loop,nbd,sg}*", 8, 9, 0, "a disk"},
	{"/**/dev/mapper/**", 8, 9, 0, "a disk"},
}
