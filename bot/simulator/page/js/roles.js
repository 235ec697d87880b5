// The roles a person on the page can have: caption, colour of the avatar, and what to try first.

export const ROLES = {
  citizen: { label: "市民", color: "#b4532a" },
  officer: { label: "城管队员", color: "#1f5fa8" },
  carekeeper: { label: "养护人员", color: "#1f6f78" },
  road_chief: { label: "路长", color: "#2f5d3a" },
  leader: { label: "单位负责人", color: "#6b4a1f" },
  patrol: { label: "巡查员", color: "#3a5f8a" },
  merchant: { label: "商户", color: "#8a5a00" },
  volunteer: { label: "志愿者", color: "#0b6b3a" },
  community: { label: "社区工作者", color: "#7a3f93" },
  admin: { label: "管理员", color: "#5b3a8a" },
  dispatcher: { label: "派遣员", color: "#4d5a68" },
};

/** 「华志刚·城管一中队」 is shown as the name and, smaller, the unit. */
export function nameOf(person) {
  const [name, ...unit] = person.name.split("·");
  return { name, unit: unit.join("·") };
}

export const roleOf = (person) => ROLES[person.role] ?? { label: person.role || "其他", color: "#4d5a68" };
